/* test_lineedit: the same key scripts for both makers, then what only one of them has:
 * readline's modes and its silence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/array.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/keys.h"

static void candidates_for(void *owner, const char *text, size_t cursor,
                           size_t *word_start, struct array *candidates)
{
    static const char *const words[] = {"select", "session", "orders", "order_id",
                                        "\xC3\xA9t\xC3\xA9"};
    (void)owner;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(words[i], text + *word_start, cursor - *word_start) == 0) {
            struct lineedit_candidate *candidate = array_push(candidates);
            candidate->text = string_copy(words[i]);
            candidate->detail = string_copy("word");
        }
    }
}

static struct lineedit *open_editor(maker *make, bool one_line)
{
    struct lineedit_spec spec = {.multiline = !one_line, .complete = candidates_for};
    struct lineedit *edit = make(&spec);
    lineedit_history_add(edit, "SELECT 1;", NULL);
    lineedit_history_add(edit, "SELECT *\nFROM orders\nWHERE a > 1;", NULL);
    lineedit_history_add(edit, "SELECT 2;", NULL);
    return edit;
}

static char *scratch;

struct row {
    const char *title, *script, *look;
    enum lineedit_answer answer;
    const char *prompt;
};

#define ABC "abc~def~ghi"

static const struct row rows[] = {
    {"typing", "SELECT 1", "SELECT 1|", LINEEDIT_EDITED, ""},
    {"typing UTF-8", "'caf\xC3\xA9 \xE2\x82\xAC'", "'caf\xC3\xA9 \xE2\x82\xAC'|", 0, ""},
    {"left over a sign of two bytes", "a\xC3\xA9<Left>", "a|\xC3\xA9", 0, ""},
    {"right over it again", "a\xC3\xA9<Left><Right>", "a\xC3\xA9|", 0, ""},
    {"left over a sign of four bytes", "\xF0\x9F\x98\x80<Left>", "|\xF0\x9F\x98\x80", 0,
     ""},
    {"a combining mark goes with its base", "e\xCC\x81<Left>", "|e\xCC\x81", 0, ""},
    {"backspace takes a whole sign", "a\xC3\xA9<Backspace>", "a|", 0, ""},
    {"C-h is backspace", "ab<C-h>", "a|", 0, ""},
    {"delete", "abc<Left><Left><Delete>", "a|c", 0, ""},
    {"C-d deletes", "abc<C-a><C-d>", "|bc", 0, ""},
    {"backspace at the start does nothing", "<Backspace>a", "a|", 0, ""},
    {"delete at the end does nothing", "a<Delete>", "a|", 0, ""},
    {"Enter breaks an incomplete line", "SELECT<Enter>1", "SELECT~1|", 0, ""},
    {"Enter keeps the indent", "  a<Enter>b", "  a~  b|", 0, ""},
    {"Enter within the indent keeps what is left of it",
     "    a<Home><Right><Right><Enter>", "  ~  |  a", 0, ""},
    {"Enter after the last ; runs", "SELECT 1;<Enter>", "SELECT 1;|", LINEEDIT_ACCEPT,
     ""},
    {"also with blanks behind it", "SELECT 1; <Enter>", "SELECT 1; |", LINEEDIT_ACCEPT,
     ""},
    {"Enter before the ; breaks", "a;<Left><Enter>", "a~|;", LINEEDIT_EDITED, ""},
    {"a command line runs", "\\d orders<Enter>", "\\d orders|", LINEEDIT_ACCEPT, ""},
    {"a dot command runs", ".tables<Enter>", ".tables|", LINEEDIT_ACCEPT, ""},
    {"a command after a statement runs", "SELECT 1;<Paste:\n>\\d<Enter>",
     "SELECT 1;~\\d|", LINEEDIT_ACCEPT, ""},
    {"a number that begins with a dot is no command", "SELECT 1 +<Enter>.5<Enter>",
     "SELECT 1 +~.5~|", LINEEDIT_EDITED, ""},
    {"C-j runs", "SELECT 1<C-j>", "SELECT 1|", LINEEDIT_RUN, ""},
    {"M-Enter runs", "SELECT 1<M-Enter>", "SELECT 1|", LINEEDIT_RUN, ""},
    {"Esc Enter runs", "SELECT 1<Esc><Enter>", "SELECT 1|", LINEEDIT_RUN, ""},
    {"F5 runs", "SELECT 1<F5>", "SELECT 1|", LINEEDIT_RUN, ""},
    {"C-c is for the caller", "SELECT<C-c>", "SELECT|", LINEEDIT_CANCEL, ""},
    {"C-d on nothing ends", "<C-d>", "|", LINEEDIT_END, ""},
    {"F4 leaves", "a<F4>", "a|", LINEEDIT_LEAVE, ""},
    {"C-x o leaves", "a<C-x>o", "a|", LINEEDIT_LEAVE, ""},
    {"Esc Esc leaves", "a<Esc><Esc>", "a|", LINEEDIT_LEAVE, ""},
    {"C-x 1 zooms", "a<C-x>1", "a|", LINEEDIT_ZOOM, ""},
    {"C-x s saves", "a<C-x>s", "a|", LINEEDIT_SAVE, ""},
    {"C-x C-e asks for the editor", "a<C-x><C-e>", "a|", LINEEDIT_EXTERNAL, ""},
    {"C-x C-f formats", "a<C-x><C-f>", "a|", LINEEDIT_FORMAT, ""},
    {"other F keys are for the screen", "a<F6>", "a|", LINEEDIT_UNKNOWN, ""},
    {"C-l is for the screen", "a<C-l>", "a|", LINEEDIT_UNKNOWN, ""},
    {"C-z is for the screen", "a<C-z>", "a|", LINEEDIT_UNKNOWN, ""},
    {"C-a goes to the start of the line", "<Paste:abc\ndef><C-a>", "abc~|def", 0, ""},
    {"C-e goes to its end", "<Paste:abc\ndef><Up><C-a><C-e>", "abc|~def", 0, ""},
    {"Home and End do too", "<Paste:abc\ndef><Home><Up><End>", "abc|~def", 0, ""},
    {"C-k kills to the end of the line", "<Paste:abc\ndef><Up><C-a><C-k>", "|~def", 0,
     ""},
    {"C-k at the end takes the break", "<Paste:abc\ndef><Up><End><C-k>", "abc|def", 0,
     ""},
    {"C-u kills to the start of the line", "<Paste:abc\ndef><C-u>", "abc~|", 0, ""},
    {"C-u at the start takes the break", "<Paste:abc\ndef><C-a><C-u>", "abc|def", 0, ""},
    {"C-y yanks", "<Paste:abc\ndef><C-u><C-y><C-y>", "abc~defdef|", 0, ""},
    {"kills in a row become one", "<Paste:abc\ndef><Up><C-a><C-k><C-k><C-k><C-y>",
     "abc~def|", 0, ""},
    {"a move between kills keeps them apart", "ab cd<C-w><Left><Right><C-w><C-y>", "ab |",
     0, ""},
    {"C-w kills a word", "one two<C-w>", "one |", 0, ""},
    {"M-d kills a word forwards", "one two<C-a><M-d>", "| two", 0, ""},
    {"M-Backspace kills a word backwards", "one.two<M-Backspace>", "one.|", 0, ""},
    {"M-b goes back a word", "one two<M-b>", "one |two", 0, ""},
    {"M-f goes on a word", "one two<C-a><M-f>", "one| two", 0, ""},
    {"Esc f is M-f", "one two<C-a><Esc>f", "one| two", 0, ""},
    {"M-u", "one two<C-a><M-u>", "ONE| two", 0, ""},
    {"M-l", "ONE<C-a><M-l>", "one|", 0, ""},
    {"M-c", "ONE two<C-a><M-c>", "One| two", 0, ""},
    {"M-< and M-> in several lines", "<Paste:abc\ndef><M-<>x<M->>y", "xabc~defy|", 0, ""},
    {"Up keeps the column", "<Paste:abcdef\nab\nabcdef><Up><Up>", "abcdef|~ab~abcdef", 0,
     ""},
    {"Up to a shorter line", "<Paste:abcdef\nab\nabcdef><Up>", "abcdef~ab|~abcdef", 0,
     ""},
    {"a key between forgets the column", "<Paste:abcdef\nab\nabcdef><Up><Left><Up>",
     "a|bcdef~ab~abcdef", 0, ""},
    {"Down within the text", "<Paste:abc\ndef><Up><C-a><Down>", "abc~|def", 0, ""},
    {"PageUp goes far up", "<Paste:" ABC "\na\nb\nc><PageUp>", "a|bc~def~ghi~a~b~c", 0,
     ""},
    {"Up in the first line is history", "draft<Up>", "SELECT 2;|", 0, ""},
    {"Down comes back to the draft", "draft<Up><Down>", "draft|", 0, ""},
    {"a statement of several lines comes whole", "<Up><Up>",
     "SELECT *~FROM orders~WHERE a > 1;|", 0, ""},
    {"Up goes through its lines first", "<Up><Up><Up>",
     "SELECT *~FROM orders|~WHERE a > 1;", 0, ""},
    {"C-p always goes to the history", "<C-p><C-p><C-p>", "SELECT 1;|", 0, ""},
    {"C-p stops at the oldest", "<C-p><C-p><C-p><C-p><C-p>", "SELECT 1;|", 0, ""},
    {"C-n comes back", "x<C-p><C-p><C-p><C-n><C-n><C-n>", "x|", 0, ""},
    {"C-n at the draft stays", "x<C-n>", "x|", 0, ""},
    {"undo brings the draft back", "draft<C-p><C-_>", "draft|", 0, ""},
    {"undo of typing", "abc<C-_>", "|", 0, ""},
    {"C-x C-u is undo", "abc<C-x><C-u>", "|", 0, ""},
    {"undo of a kill", "abc<C-u><C-_>", "abc|", 0, ""},
    {"undo of a paste is one step", "a<Paste:b\nc\nd><C-_>", "a|", 0, ""},
    {"a paste runs nothing", "<Paste:SELECT 1;\nSELECT 2;\n>", "SELECT 1;~SELECT 2;~|", 0,
     ""},
    {"CR LF pastes as one break", "<Paste:a\r\nb\rc>", "a~b~c|", 0, ""},
    {"controls in a paste are left out", "<Paste:a\033[31mb\007\001c>", "a[31mbc|", 0,
     ""},
    {"a paste with bytes that are no UTF-8",
     "<Paste:a\xFF"
     "b>",
     "a\xEF\xBF\xBD"
     "b|",
     0, ""},
    {"a C1 control in a paste is left out",
     "<Paste:a\xC2\x9B"
     "b>",
     "ab|", 0, ""},
    {"a paste with a TAB keeps it", "<Paste:a\tb>", "a\tb|", 0, ""},
    {"a paste in the middle", "ad<Left><Paste:bc>", "abc|d", 0, ""},
    {"undo twice", "a<Paste:b><Paste:c><C-_><C-_>", "a|", 0, ""},
    {"C-r asks", "<C-r>", "|", 0, "(reverse-i-search)`': "},
    {"C-r finds", "<C-r>orders", "SELECT *~FROM |orders~WHERE a > 1;", 0,
     "(reverse-i-search)`orders': "},
    {"C-r again goes on", "<C-r>SELECT<C-r><C-r>", "|SELECT 1;", 0,
     "(reverse-i-search)`SELECT': "},
    {"C-r that fails says so", "<C-r>orderz", NULL, 0,
     "(failed reverse-i-search)`orderz': "},
    {"C-g goes back", "draft<C-r>orders<C-g>", "draft|", 0, ""},
    {"C-c in a search only ends it", "draft<C-r>orders<C-c>", "draft|", LINEEDIT_EDITED,
     ""},
    {"Esc keeps what was found", "<C-r>orders<Esc>", "SELECT *~FROM |orders~WHERE a > 1;",
     0, ""},
    {"a motion keeps and moves", "<C-r>orders<C-a>", "SELECT *~|FROM orders~WHERE a > 1;",
     0, ""},
    {"Enter in a search of a complete text at its middle breaks", "<C-r>2<Enter>",
     "SELECT ~|2;", LINEEDIT_EDITED, ""},
    {"F5 in a search runs", "<C-r>orders<F5>", "SELECT *~FROM |orders~WHERE a > 1;",
     LINEEDIT_RUN, ""},
    {"backspace in a search goes back", "<C-r>orderx<Backspace>s",
     "SELECT *~FROM |orders~WHERE a > 1;", 0, NULL},
    {"a paste in a search ends it", "<C-r>2<Paste:x>", "SELECT x|2;", 0, ""},
    {"C-r with UTF-8", "<C-r>\xC3\xA9", "|", 0, "(failed reverse-i-search)`\xC3\xA9': "},
    {"Tab with one answer completes", "x sele<Tab>", "x select|", LINEEDIT_EDITED, ""},
    {"Tab with several asks", "x se<Tab>", "x se|", LINEEDIT_COMPLETE, ""},
    {"Tab puts in what all begin with", "x o<Tab>", "x order|", LINEEDIT_COMPLETE, ""},
    {"Tab with no answer does nothing", "x zz<Tab>", "x zz|", LINEEDIT_EDITED, ""},
    {"Tab in an indent indents", "a<Enter><Tab>b", "a~    b|", LINEEDIT_EDITED, ""},
    {"undo of a completion", "x sele<Tab><C-_>", "x sele|", 0, ""},
    {"M-# comments the line out", "<Paste:abc\ndef><M-#>", "abc~-- def|", 0, ""},
    {"M-# twice comments it in", "<Paste:abc\ndef><M-#><M-#>", "abc~def|", 0, ""},
    {"Esc and a sign of two bytes types nothing", "a<Esc>\xC3\xB6", "a|", 0, ""},
    {"C-x and a sign of two bytes types nothing", "a<C-x>\xC3\xB6", "a|", 0, ""},
    {"Alt with arrows moves by words", "one two<M-Left>", "one |two", 0, ""},
    {"Insert and unknown Alt keys type nothing", "a<M-F9><M-\xC3\xB6>", "a|", -1, ""},
};

static void run_some_rows(maker *make, const char *name, const struct row *some,
                          size_t count)
{
    for (const struct row *row = some; row < some + count; row++) {
        struct lineedit *edit = open_editor(make, false);
        enum lineedit_answer answer = play(edit, row->script);
        if (row->look != NULL) {
            char *seen = look(edit);
            is_text(seen, row->look, "%s: %s", name, row->title);
            free(seen);
        }
        if ((int)row->answer >= 0) {
            is_int(answer, row->answer, "%s: %s: its answer", name, row->title);
        }
        if (row->prompt != NULL) {
            is_text(lineedit_prompt(edit), row->prompt, "%s: %s: its prompt", name,
                    row->title);
        }
        lineedit_free(edit);
    }
}

static void run_rows(maker *make, const char *name)
{
    run_some_rows(make, name, rows, sizeof rows / sizeof rows[0]);
}

/* ---- Calls ---- */

static void texts_are_set(maker *make, const char *name)
{
    struct lineedit *edit = open_editor(make, false);
    play(edit, "old");
    lineedit_set_text(edit, "new\ntext", 3);
    char *seen = look(edit);
    is_text(seen, "new|~text", "%s: set_text sets text and cursor", name);
    free(seen);
    play(edit, "<C-_>");
    is_text(lineedit_text(edit), "old", "%s: and can be undone", name);
    lineedit_set_text(edit, "\xC3\xA9", 1);
    is_int((long long)lineedit_cursor(edit), 0, "%s: no cursor within a sign", name);
    lineedit_set_text(edit, "a", 99);
    is_int((long long)lineedit_cursor(edit), 1, "%s: no cursor past the end", name);
    lineedit_insert(edit, "bc");
    is_text(lineedit_text(edit), "abc", "%s: insert", name);
    lineedit_free(edit);
}

static void candidates_are_chosen(maker *make, const char *name)
{
    struct lineedit *edit = open_editor(make, false);
    play(edit, "a o<Tab>");
    is_int((long long)lineedit_candidates(edit)->count, 2, "%s: two candidates", name);
    is_int((long long)lineedit_word_start(edit), 2, "%s: where their word starts", name);
    lineedit_choose(edit, 1);
    is_text(lineedit_text(edit), "a order_id", "%s: the second is chosen", name);
    is_int((long long)lineedit_candidates(edit)->count, 0, "%s: then they are gone",
           name);
    play(edit, " s<Tab>x");
    is_int((long long)lineedit_candidates(edit)->count, 0, "%s: gone with a key", name);
    lineedit_free(edit);
}

static void regions_are_marked(maker *make, const char *name)
{
    size_t start = 0, end = 0;
    struct lineedit *edit = open_editor(make, false);
    play(edit, "one two");
    ok(!lineedit_selection(edit, &start, &end), "%s: nothing is marked", name);
    play(edit, "<M-Space><M-b>");
    ok(lineedit_selection(edit, &start, &end) && start == 4 && end == 7,
       "%s: mark and move select", name);
    play(edit, "x");
    ok(!lineedit_selection(edit, &start, &end), "%s: an edit ends it", name);
    play(edit, "<C-Space><C-a>");
    ok(lineedit_selection(edit, &start, &end), "%s: C-Space marks too", name);
    lineedit_free(edit);
}

static void one_line_stays_one(maker *make, const char *name)
{
    struct lineedit *edit = open_editor(make, true);
    is_int(play(edit, "abc<Enter>"), LINEEDIT_ACCEPT, "%s: Enter accepts one line", name);
    play(edit, "<Paste:x\ny>");
    is_text(lineedit_text(edit), "abcx y", "%s: a break pastes as a blank", name);
    is_int(play(edit, "<C-c>"), LINEEDIT_CANCEL, "%s: C-c cancels", name);
    lineedit_free(edit);
}

static void large_texts_are_quick(maker *make, const char *name)
{
    struct text big = {0};
    while (big.length < 1 << 18) {
        text_append(&big, "SELECT a, b FROM some_table WHERE c = 'd';\n");
    }
    struct lineedit *edit = open_editor(make, false);
    double before = path_monotonic();
    lineedit_paste(edit, big.data, big.length);
    for (int i = 0; i < 1000; i++) {
        play(edit, "x");
    }
    double took = path_monotonic() - before;
    ok(took < 5 || tap_is_slow(), "%s: a paste of 256 KiB and 1,000 keys took %.3f s",
       name, took);
    is_int((long long)strlen(lineedit_text(edit)), (long long)big.length + 1000,
           "%s: all of it is there", name);
    for (int i = 0; i < 1001 && *lineedit_text(edit) != '\0'; i++) {
        play(edit, "<C-_>");
    }
    is_text(lineedit_text(edit), "", "%s: and all of it is undone", name);
    lineedit_free(edit);
    text_release(&big);
}

/* A thousand times any key at all: the text stays UTF-8, the cursor between signs. */
static void any_keys_are_borne(maker *make, const char *name)
{
    static const int rare[] = {
        0xE9, 0x20AC,      0x1F600,       0x301,           27,
        127,  KEY_CODE_UP, KEY_CODE_LEFT, KEY_CODE_DELETE, KEY_CODE_END};
    unsigned seed = 1, bad = 0;
    struct lineedit *edit = open_editor(make, false);
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1103515245 + 12345;
        unsigned draw = seed >> 16;
        struct key key = {.code = 1 + (int)(draw % 126), .alt = draw % 11 == 0};
        if (draw % 3 == 0) {
            key.code = rare[draw / 3 % (sizeof rare / sizeof rare[0])];
        }
        lineedit_key(edit, key);
        const char *text = lineedit_text(edit);
        bad += mbstowcs(NULL, text, 0) == (size_t)-1;
        bad += lineedit_cursor(edit) > strlen(text);
        bad += bad == 0 && (text[lineedit_cursor(edit)] & 0xC0) == 0x80;
        if (strlen(text) > 4000) {
            lineedit_set_text(edit, "", 0);
        }
    }
    is_int(bad, 0, "%s: 20,000 keys of all kinds", name);
    lineedit_free(edit);
}

/* ---- Both ---- */

static void run_all(maker *make, const char *name)
{
    run_rows(make, name);
    texts_are_set(make, name);
    candidates_are_chosen(make, name);
    regions_are_marked(make, name);
    one_line_stays_one(make, name);
    large_texts_are_quick(make, name);
    any_keys_are_borne(make, name);
}

/* ---- readline alone ---- */

#ifdef HAVE_READLINE

static void write_file(const char *path, const char *bytes, size_t length)
{
    struct error err = {0};
    ok(path_write_file(path, bytes, length, 0644, &err), "wrote %s %s", path_base(path),
       err.message);
}

static void there_is_one(void)
{
    struct error err = {0};
    struct lineedit_spec spec = {.multiline = true};
    struct lineedit *edit = new_readline(&spec);
    ok(lineedit_new_readline(&spec, &err) == NULL && err.kind == ERROR_FAILED,
       "a second readline editor is refused");
    is_text(lineedit_mode(edit), "emacs", "emacs mode");
    is_text(lineedit_warning(edit), "", "nothing wrong with the empty inputrc");
    lineedit_free(edit);
}

static const struct row readline_rows[] = {
    {"C-v takes a whole character", "<C-v>\xC3\xA9x", "\xC3\xA9x|", 0, ""},
    {"C-v takes a control character", "<C-v><C-a>x", "\001x|", 0, ""},
    {"an argument repeats", "<M-5>x", "xxxxx|", 0, ""},
    {"an argument and a sign of two bytes", "a<M-->\xC3\xA9", "a|", 0, ""},
    {"C-x C-x goes to the mark", "abc<M-Space><C-a><C-x><C-x>", "abc|", 0, ""},
    {"C-g in a key sequence is harmless", "a<C-x><C-g><M-C-x>b<C-x><C-g>c", "abc|", 0,
     ""},
    {"C-t", "ab<C-t>", "ba|", 0, ""},
    {"M-t", "one two<M-t>", "two one|", 0, ""},
    {"M-y", "a b<C-w><C-a><C-k><C-y><M-y>", NULL, 0, ""},
    {"C-o runs", "SELECT<C-o>", "SELECT|", LINEEDIT_RUN, ""},
};

static const struct row vi_rows[] = {
    {"Esc goes to command mode", "abc<Esc>", "ab|c", 0, ""},
    {"Esc at the start of a line stays in it", "abc<Enter><Esc>", "abc~|", 0, ""},
    {"x deletes", "abc<Esc>x", "a|b", 0, ""},
    {"i types again", "abc<Esc>ix", "abx|c", 0, ""},
    {"0 and $ are of the line", "<Paste:abc\ndef><Esc>0", "abc~|def", 0, ""},
    {"k goes up, j down", "<Paste:abc\ndef><Esc>k", "ab|c~def", 0, ""},
    {"k at the edge is history", "<Esc>k", "|SELECT 2;", 0, ""},
    {"dw still works", "one two<Esc>0dw", "|two", 0, ""},
    {"d$ ends with the line", "<Paste:abc\ndef><Esc>k0ld$", "|a~def", 0, ""},
    {"dd deletes the line", "<Paste:abc\ndef\nghi><Up><Esc>dd", "abc~|ghi", 0, ""},
    {"cc changes the line", "<Paste:abc\ndef\nghi><Up><Esc>ccx", "abc~x|~ghi", 0, ""},
    {"yy and p copy the line", "<Paste:abc\ndef><Esc>kyy", "ab|c~def", 0, ""},
    {"o opens a line below", "<Paste:abc\ndef><Up><Esc>ox", "abc~x|~def", 0, ""},
    {"O opens a line above", "<Paste:abc\ndef><Esc>Ox", "abc~x|~def", 0, ""},
    {"Enter runs a complete text", "SELECT 1;<Enter>", "SELECT 1;|", LINEEDIT_ACCEPT, ""},
    {"C-j runs in command mode", "SELECT<Esc><C-j>", "SELEC|T", LINEEDIT_RUN, ""},
    {"Esc Esc does not leave", "a<Esc><Esc>", "|a", LINEEDIT_EDITED, ""},
    {"F4 leaves in insert mode", "a<F4>", "a|", LINEEDIT_LEAVE, ""},
    {"F4 leaves in command mode", "a<Esc><F4>", "|a", LINEEDIT_LEAVE, ""},
    {"arrows in insert mode", "abc<Left><Left>x", "ax|bc", 0, ""},
    {"C-d in insert mode ends nothing", "ab<Left><C-d>", "a|", LINEEDIT_EDITED, ""},
    {"u undoes", "abc<Esc>u", "|", 0, ""},
    {"f finds a sign", "abcdef<Esc>0fd", "abc|def", 0, ""},
    {"r replaces a sign of two bytes", "abc<Esc>r\xC3\xA9", "ab|\xC3\xA9", 0, ""},
    {"C-r searches", "<C-r>orders", "SELECT *~FROM |orders~WHERE a > 1;", 0,
     "(reverse-i-search)`orders': "},
    {"/ searches as C-r does", "<Esc>/orders", "SELECT *~FROM |orders~WHERE a > 1;", 0,
     "(reverse-i-search)`orders': "},
};

static void run_readline_rows(void)
{
    run_some_rows(new_readline, "readline", readline_rows,
                  sizeof readline_rows / sizeof readline_rows[0]);
}

static void inputrc_of_vi(void)
{
    struct lineedit *edit = open_editor(new_readline, false);
    is_text(lineedit_mode(edit), "vi insert", "vi mode from the inputrc");
    play(edit, "a<Esc>");
    is_text(lineedit_mode(edit), "vi command", "the mode is told");
    lineedit_free(edit);
    run_some_rows(new_readline, "vi", vi_rows, sizeof vi_rows / sizeof vi_rows[0]);
    any_keys_are_borne(new_readline, "vi");
}

/* readline reads the file once in a process, so each file has a process of its own. */
/* The terminal's locale is Latin-1 or none: the text is UTF-8 all the same. */
static void locale_without_utf8(void)
{
    setenv("LC_ALL", "C", 1);
    setlocale(LC_ALL, "C");
    struct lineedit *edit = open_editor(new_readline, false);
    play(edit, "\xC3\xA9\xE2\x82\xAC<Left><Backspace>");
    char *seen = look(edit);
    is_text(seen, "|\xE2\x82\xAC", "signs are whole without a UTF-8 locale");
    free(seen);
    lineedit_free(edit);
}

static void inputrc_with_faults(void)
{
    struct lineedit *edit = open_editor(new_readline, false);
    ok(strstr(lineedit_warning(edit), "nonsense") != NULL, "the fault is told: %s",
       lineedit_warning(edit));
    play(edit, "<C-a>");
    is_text(lineedit_text(edit), "", "C-a as it was");
    play(edit, "x<C-t>");
    is_text(lineedit_text(edit), "xSELECT * FROM ", "a macro of the person's own");
    play(edit, "<C-u><Paste:a\nb><C-q>");
    is_int((long long)lineedit_cursor(edit), 2, "their key for the start of the line");
    lineedit_set_text(edit, "SELECT", 6);
    play(edit, "<Up>");
    is_text(lineedit_text(edit), "SELECT 2;", "their search on Up is kept");
    lineedit_free(edit);
}

static const struct {
    const char *name, *bytes;
    void (*test)(void);
} inputrcs[] = {
    {"vi", "set editing-mode vi\nset show-mode-in-prompt on\nset bell-style audible\n",
     inputrc_of_vi},
    {"faults",
     "$if mwb\nset nonsense on\n\"\\C-t\": \"SELECT * FROM \"\n\"\\C-q\": "
     "beginning-of-line\n"
     "\"\\e[A\": history-search-backward\n$endif\nset bell-style visible\n",
     inputrc_with_faults},
    {"locale", "set convert-meta on\n", locale_without_utf8},
};

/* Run in a child whose points continue ours; it returns how many it made. */
static void in_child(size_t index)
{
    char *file = path_join(scratch, inputrcs[index].name);
    write_file(file, inputrcs[index].bytes, strlen(inputrcs[index].bytes));
    int pipes[2];
    int counts[2] = {0};
    if (pipe(pipes) != 0) {
        ok(false, "no pipe");
        free(file);
        return;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setenv("INPUTRC", file, 1);
        inputrcs[index].test();
        counts[0] = tap_count;
        counts[1] = tap_failed;
        free(file);
        free(scratch);
        bool told = write(pipes[1], counts, sizeof counts) == (ssize_t)sizeof counts;
        exit(told ? 0 : 1);
    }
    close(pipes[1]);
    int status = 0;
    bool told = read(pipes[0], counts, sizeof counts) == (ssize_t)sizeof counts;
    waitpid(child, &status, 0);
    close(pipes[0]);
    if (told) {
        tap_count = counts[0];
        tap_failed = counts[1];
    }
    ok(told && status == 0, "the child with inputrc %s came to its end",
       inputrcs[index].name);
    free(file);
}

/* All keys there are, in all states, while descriptors 1 and 2 go to a file: 0 bytes. */
static void readline_is_silent(void)
{
    static const char *const before[] = {"",      "<C-r>", "<Esc>",
                                         "<C-x>", "<M-5>", "SELECT 1;<Left>"};
    char *file = path_join(scratch, "output");
    int caught = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    int out = dup(1), error = dup(2);
    fflush(stdout);
    dup2(caught, 1);
    dup2(caught, 2);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        for (int code = 1; code < KEY_CODE_LAST;
             code += code == 127 ? KEY_CODE_FIRST - 127 : 1) {
            struct lineedit *edit = open_editor(new_readline, false);
            play(edit, before[i]);
            lineedit_key(edit, (struct key){.code = code});
            lineedit_key(edit, (struct key){.code = code, .alt = true});
            play(edit, "x<Tab><Tab><C-g>");
            lineedit_free(edit);
        }
    }
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(error, 2);
    close(out);
    close(error);
    is_int(lseek(caught, 0, SEEK_END), 0,
           "readline wrote nothing to descriptors 1 and 2");
    ok(getenv("LINES") == NULL && getenv("COLUMNS") == NULL, "nor to the environment");
    close(caught);
    free(file);
}

static void test_readline(void)
{
    for (size_t i = 0; i < sizeof inputrcs / sizeof inputrcs[0]; i++) {
        in_child(i);
    }
    there_is_one();
    run_all(new_readline, "readline");
    run_readline_rows();
    readline_is_silent();
}

#else

static void test_readline(void)
{
    tap_skip("built without readline");
}

#endif

int main(void)
{
    char folder[] = "/tmp/mwb-lineedit-XXXXXX";
    struct error err = {0};
    scratch = string_copy(mkdtemp(folder));
    setenv("INPUTRC", "/dev/null", 1);
    setlocale(LC_ALL, "C.UTF-8");
    unsetenv("LINES");
    unsetenv("COLUMNS");
    run_all(lineedit_new_plain, "plain");
    test_readline();
    ok(path_remove_tree(scratch, &err), "cleaned up %s", err.message);
    free(scratch);
    return tap_done();
}
