/* secret: what an address belongs to. libcurl takes addresses apart here as well, because
 * it is what connects: two readings of one address would send a secret astray.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/secret.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* Ports that need not be written. */
static const struct {
    const char *scheme, *port;
} ports[] = {
    {"http", "80"},         {"https", "443"}, {"ssh", "22"},
    {"postgresql", "5432"}, {"s3", "443"},    {"git", "9418"},
};

static void lower(char *text)
{
    for (; *text != '\0'; text++) {
        *text = (char)tolower((unsigned char)*text);
    }
}

/* The same place by two names. */
static const char *canonical(const char *scheme)
{
    if (strcmp(scheme, "postgres") == 0) {
        return "postgresql";
    }
    return strcmp(scheme, "s3a") == 0 ? "s3" : scheme;
}

static bool is_usual(const char *scheme, const char *port)
{
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        if (strcmp(ports[i].scheme, scheme) == 0) {
            return strcmp(ports[i].port, port) == 0;
        }
    }
    return false;
}

/* A host whose name holds anything odd gets no secret. */
static bool is_host(const char *host)
{
    return host[0] != '\0' &&
           strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") == strlen(host);
}

static char *take_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    char *copy =
        curl_url_get(url, part, &text, 0) == CURLUE_OK ? string_copy(text) : NULL;
    curl_free(text);
    if (copy != NULL) {
        lower(copy);
    }
    return copy;
}

char *secret_origin(const char *address)
{
    char *origin = NULL;
    CURLU *url = curl_url();
    if (url != NULL && curl_url_set(url, CURLUPART_URL, address,
                                    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        char *scheme = take_part(url, CURLUPART_SCHEME);
        char *host = take_part(url, CURLUPART_HOST);
        char *port = take_part(url, CURLUPART_PORT);
        if (scheme != NULL && host != NULL && is_host(host)) {
            const char *name = canonical(scheme);
            bool has_port = port != NULL && !is_usual(name, port);
            origin = string_printf("%s://%s%s%s", name, host, has_port ? ":" : "",
                                   has_port ? port : "");
        }
        free(scheme);
        free(host);
        free(port);
    }
    curl_url_cleanup(url);
    return origin;
}
