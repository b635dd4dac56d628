/* Unit tests of tui/profile.h and tui/pace.h: what is known of the way to the terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "tap.h"
#include "tui/pace.h"
#include "tui/profile.h"

#include <math.h>
#include <sys/stat.h>

static bool is_about(double got, double want)
{
    return fabs(got - want) < 1e-9;
}

static void a_fast_link_draws_at_once(void)
{
    struct pace pace;
    pace_init(&pace, 0, false, false);
    ok(is_about(pace_wait(&pace, 100), 0), "the first frame waits for nothing");
    pace_drawn(&pace, 100, 100.002);
    ok(is_about(pace_wait(&pace, 100.002), 0), "nor does the next");
    pace_init(&pace, 0.004, false, false);
    pace_drawn(&pace, 100, 100.001);
    ok(is_about(pace_wait(&pace, 100.001), 0), "a short round trip changes nothing");
}

static void a_slow_link_gets_fewer(void)
{
    struct pace pace;
    pace_init(&pace, 0.3, false, false);
    pace_drawn(&pace, 10, 10);
    ok(is_about(pace_wait(&pace, 10), 0.15), "half a round trip between two frames");
    ok(is_about(pace_wait(&pace, 10.1), 0.05), "what is left of it");
    ok(is_about(pace_wait(&pace, 11), 0), "after a pause at once");
    pace_init(&pace, 0, true, false);
    pace_drawn(&pace, 10, 10);
    ok(is_about(pace_wait(&pace, 10), 0.5), "two a second where the person says slow");
    pace_init(&pace, 40, false, false);
    pace_drawn(&pace, 10, 10);
    ok(is_about(pace_wait(&pace, 10), 1), "never less than one a second");
    pace_init(&pace, 0.3, false, true);
    pace_drawn(&pace, 10, 10);
    ok(is_about(pace_wait(&pace, 10), 0), "all where the person says fast");
}

static void a_write_that_waits_slows_down(void)
{
    struct pace pace;
    pace_init(&pace, 0, false, false);
    pace_drawn(&pace, 10, 10.2);
    ok(is_about(pace_wait(&pace, 10.2), 0.4), "twice what the frame took");
    pace_drawn(&pace, 11, 11.003);
    ok(is_about(pace_wait(&pace, 11.003), 0), "and none when it is quick again");
    pace_drawn(&pace, 12, 18);
    ok(is_about(pace_wait(&pace, 18), 1), "at most a second");
}

static void a_profile_is_kept(void)
{
    struct error err = {0};
    struct profile profile = {.round_trip = 0.0845,
                              .colours = 16,
                              .synchronized = PROFILE_YES,
                              .clipboard = PROFILE_NO,
                              .measured = "2026-01-15T12:00:00Z"};
    struct stat stat_of;
    profile.signs[PROFILE_BRAILLE] = PROFILE_NO;
    profile.signs[PROFILE_WIDE] = PROFILE_YES;
    text_append(&profile.missing, "F5 C-j");
    ok(profile_write("xterm/../x", &profile, &err), "written%s", err.message);
    char *path = profile_path("xterm/../x");
    ok(path != NULL && strstr(path, "/terminals/xterm____x") != NULL,
       "under a name that climbs nowhere");
    ok(path != NULL && stat(path, &stat_of) == 0 && (stat_of.st_mode & 0777) == 0600,
       "for its owner alone");
    free(path);
    profile_let_go(&profile);
    profile_read("xterm/../x", &profile);
    ok(profile.is_known && is_about(profile.round_trip, 0.0845), "read again");
    ok(profile.colours == 16 && profile.synchronized == PROFILE_YES &&
           profile.clipboard == PROFILE_NO,
       "with its answers");
    ok(profile.signs[PROFILE_BRAILLE] == PROFILE_NO &&
           profile.signs[PROFILE_WIDE] == PROFILE_YES &&
           profile.signs[PROFILE_LINES] == PROFILE_UNKNOWN,
       "and those that nobody gave are not known");
    is_text(text_string(&profile.missing), "F5 C-j", "keys that do not arrive");
    profile_let_go(&profile);
}

static void what_is_odd_is_left_out(void)
{
    static const char text[] =
        "\xFF\n= yes\nround_trip_ms = nan\ncolours = -7\n"
        "synchronized = maybe\nbraille=no  \n  wide  =  yes\n#lines=no";
    struct profile profile;
    struct error err = {0};
    char *path = profile_path("odd");
    ok(path_write_file(path, text, sizeof text - 1, 0600, &err), "a file%s", err.message);
    profile_read("odd", &profile);
    ok(is_about(profile.round_trip, 0) && profile.colours == -1 &&
           profile.synchronized == PROFILE_UNKNOWN &&
           profile.signs[PROFILE_LINES] == PROFILE_UNKNOWN,
       "what is no value is not known");
    ok(profile.signs[PROFILE_BRAILLE] == PROFILE_NO &&
           profile.signs[PROFILE_WIDE] == PROFILE_YES,
       "the rest is");
    profile_let_go(&profile);
    profile_read("nothing", &profile);
    ok(!profile.is_known && profile.colours == -1, "no file, nothing known");
    profile_let_go(&profile);
    free(path);
}

int main(void)
{
    char pattern[] = "/tmp/mwb-test-XXXXXX";
    const char *folder = mkdtemp(pattern);
    setenv("XDG_CONFIG_HOME", folder, 1);
    a_fast_link_draws_at_once();
    a_slow_link_gets_fewer();
    a_write_that_waits_slows_down();
    a_profile_is_kept();
    what_is_odd_is_left_out();
    path_remove_tree(folder, NULL);
    return tap_done();
}
