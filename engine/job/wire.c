/* wire: whole messages over a socket.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/job/wire.h"
#include "engine/path.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

static bool wait_for_room(int fd, double until)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    int milliseconds = -1;
    if (until >= 0) {
        double left = until - path_monotonic();
        milliseconds = left > 0 ? (int)(left * 1000) + 1 : 0;
    }
    int ready = poll(&poll_fd, 1, milliseconds);
    return ready > 0 || (ready < 0 && errno == EINTR);
}

static bool write_bytes(int fd, const char *bytes, size_t length, double until)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (!wait_for_room(fd, until)) {
                return false;
            }
        } else if (n == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool wire_write(int fd, int type, const void *bytes, size_t length, double seconds)
{
    if (length > WIRE_MOST) {
        return false;
    }
    double until = seconds < 0 ? -1 : path_monotonic() + seconds;
    struct wire_head head = {.length = (uint32_t)length, .type = type};
    return write_bytes(fd, (const char *)&head, sizeof head, until) &&
           write_bytes(fd, bytes, length, until);
}

bool wire_peek(const struct text *buffer, struct wire_head *head, bool *broken)
{
    *broken = false;
    if (buffer->length < sizeof *head) {
        return false;
    }
    memcpy(head, buffer->data, sizeof *head);
    *broken = head->length > WIRE_MOST;
    return !*broken && buffer->length >= sizeof *head + head->length;
}

void wire_drop(struct text *buffer, const struct wire_head *head)
{
    size_t used = sizeof *head + head->length;
    memmove(buffer->data, buffer->data + used, buffer->length - used);
    text_truncate(buffer, buffer->length - used);
}
