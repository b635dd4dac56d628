/* kept: what a file is, by its first bytes and its name.
 * Sources: ISO 32000 (PDF), RFC 2083 (PNG), ITU-T T.81 (JPEG), GIF89a, the TIFF 6.0 and
 * WebP pages, PKWARE APPNOTE (ZIP), RFC 1952 (gzip), RFC 8878 (zstd), POSIX pax (ustar),
 * the pages of 7z, xz, bzip2, Parquet, Avro, ORC, Arrow, HDF5, netCDF, NumPy, GGUF,
 * SQLite, MS-CFB, ISO 14496-12, RFC 3533 (Ogg), FLAC, ID3, ELF, PE.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/kept.h"

#include <stdlib.h>
#include <string.h>

static const struct kept_type types[] = {
    {"pdf", "document", "application/pdf", "a PDF document"},
    {"postscript", "document", "application/postscript", "a PostScript document"},
    {"rtf", "document", "application/rtf", "an RTF document"},
    {"docx", "document",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "a Word document"},
    {"odt", "document", "application/vnd.oasis.opendocument.text",
     "an OpenDocument text"},
    {"pptx", "document",
     "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "a PowerPoint presentation"},
    {"epub", "document", "application/epub+zip", "an EPUB book"},
    {"html", "document", "text/html", "a page of HTML"},
    {"ole", "document", "application/x-ole-storage", "an old Office document"},
    {"png", "image", "image/png", "a PNG image"},
    {"jpeg", "image", "image/jpeg", "a JPEG image"},
    {"gif", "image", "image/gif", "a GIF image"},
    {"tiff", "image", "image/tiff", "a TIFF image"},
    {"webp", "image", "image/webp", "a WebP image"},
    {"bmp", "image", "image/bmp", "a BMP image"},
    {"svg", "image", "image/svg+xml", "an SVG drawing"},
    {"zip", "archive", "application/zip", "a ZIP archive"},
    {"gzip", "archive", "application/gzip", "a file packed with gzip"},
    {"zstd", "archive", "application/zstd", "a file packed with zstd"},
    {"bzip2", "archive", "application/x-bzip2", "a file packed with bzip2"},
    {"xz", "archive", "application/x-xz", "a file packed with xz"},
    {"7z", "archive", "application/x-7z-compressed", "a 7z archive"},
    {"rar", "archive", "application/vnd.rar", "a RAR archive"},
    {"tar", "archive", "application/x-tar", "a tar archive"},
    {"xlsx", "spreadsheet",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "an Excel workbook"},
    {"xls", "spreadsheet", "application/vnd.ms-excel", "an old Excel workbook"},
    {"ods", "spreadsheet", "application/vnd.oasis.opendocument.spreadsheet",
     "an OpenDocument spreadsheet"},
    {"parquet", "data", "application/vnd.apache.parquet", "a Parquet file"},
    {"avro", "data", "application/avro", "an Avro file"},
    {"orc", "data", "application/x-orc", "an ORC file"},
    {"arrow", "data", "application/vnd.apache.arrow.file", "an Arrow file"},
    {"hdf5", "data", "application/x-hdf5", "an HDF5 file"},
    {"netcdf", "data", "application/x-netcdf", "a netCDF file"},
    {"sqlite", "data", "application/vnd.sqlite3", "an SQLite database"},
    {"numpy", "data", "application/x-numpy", "a NumPy array"},
    {"shapefile", "data", "application/vnd.shp", "a shapefile"},
    {"onnx", "model", "application/x-onnx", "an ONNX model"},
    {"gguf", "model", "application/x-gguf", "a GGUF model"},
    {"safetensors", "model", "application/x-safetensors", "a safetensors model"},
    {"pickle", "model", "application/x-pickle", "a Python pickle"},
    {"pytorch", "model", "application/x-pytorch", "a PyTorch model"},
    {"keras", "model", "application/x-keras", "a Keras model"},
    {"pmml", "model", "application/x-pmml+xml", "a PMML model"},
    {"xml", "text", "application/xml", "an XML document"},
    {"yaml", "text", "application/yaml", "a YAML document"},
    {"markdown", "text", "text/markdown", "a Markdown text"},
    {"notebook", "text", "application/x-ipynb+json", "a notebook"},
    {"text", "text", "text/plain", "a text"},
    {"wav", "sound", "audio/wav", "a WAV recording"},
    {"flac", "sound", "audio/flac", "a FLAC recording"},
    {"mp3", "sound", "audio/mpeg", "an MP3 recording"},
    {"ogg", "sound", "audio/ogg", "an Ogg recording"},
    {"mp4", "film", "video/mp4", "an MP4 film"},
    {"matroska", "film", "video/matroska", "a Matroska film"},
    {"elf", "program", "application/x-executable", "a program (ELF)"},
    {"pe", "program", "application/vnd.microsoft.portable-executable",
     "a program (Windows)"},
    {"script", "program", "text/x-script", "a script"},
    {"wasm", "program", "application/wasm", "a program (WebAssembly)"},
    {"file", "file", "application/octet-stream", "a file of unknown type"},
};

struct magic {
    const char *type;
    size_t offset, length;
    const char *bytes;
};

static const struct magic magics[] = {
    {"pdf", 0, 5, "%PDF-"},
    {"postscript", 0, 4, "%!PS"},
    {"rtf", 0, 5, "{\\rtf"},
    {"png", 0, 8, "\x89PNG\r\n\x1a\n"},
    {"jpeg", 0, 3, "\xff\xd8\xff"},
    {"gif", 0, 4, "GIF8"},
    {"tiff", 0, 4, "II*\0"},
    {"tiff", 0, 4, "MM\0*"},
    {"webp", 8, 4, "WEBP"},
    {"wav", 8, 4, "WAVE"},
    {"bmp", 0, 2, "BM"},
    {"zip", 0, 4, "PK\x03\x04"},
    {"zip", 0, 4, "PK\x05\x06"},
    {"gzip", 0, 2, "\x1f\x8b"},
    {"zstd", 0, 4, "\x28\xb5\x2f\xfd"},
    {"bzip2", 0, 3, "BZh"},
    {"xz", 0, 6,
     "\xfd"
     "7zXZ\0"},
    {"7z", 0, 6, "7z\xbc\xaf\x27\x1c"},
    {"rar", 0, 6, "Rar!\x1a\x07"},
    {"tar", 257, 5, "ustar"},
    {"parquet", 0, 4, "PAR1"},
    {"avro", 0, 4, "Obj\x01"},
    {"orc", 0, 3, "ORC"},
    {"arrow", 0, 6, "ARROW1"},
    {"hdf5", 0, 8, "\x89HDF\r\n\x1a\n"},
    {"netcdf", 0, 4, "CDF\x01"},
    {"netcdf", 0, 4, "CDF\x02"},
    {"sqlite", 0, 16, "SQLite format 3"}, /* with its NUL */
    {"numpy", 0, 6, "\x93NUMPY"},
    {"shapefile", 0, 4, "\0\0\x27\x0a"},
    {"gguf", 0, 4, "GGUF"},
    {"ole", 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
    {"flac", 0, 4, "fLaC"},
    {"mp3", 0, 3, "ID3"},
    {"ogg", 0, 4, "OggS"},
    {"mp4", 4, 4, "ftyp"},
    {"matroska", 0, 4, "\x1a\x45\xdf\xa3"},
    {"elf", 0, 4,
     "\x7f"
     "ELF"},
    {"pe", 0, 2, "MZ"},
    {"wasm", 0, 4, "\0asm"},
    {"script", 0, 2, "#!"},
    {"html", 0, 9, "<!DOCTYPE"},
    {"html", 0, 9, "<!doctype"},
    {"html", 0, 5, "<html"},
    {"svg", 0, 4, "<svg"},
    {"xml", 0, 5, "<?xml"},
};

/* `within`: the container whose first bytes it must have to be believed; NULL: it has
 * none of its own. */
static const struct {
    const char *suffix, *type, *within;
} suffixes[] = {
    {"pdf", "pdf", "pdf"},
    {"ps", "postscript", "postscript"},
    {"eps", "postscript", "postscript"},
    {"rtf", "rtf", "rtf"},
    {"docx", "docx", "zip"},
    {"odt", "odt", "zip"},
    {"pptx", "pptx", "zip"},
    {"epub", "epub", "zip"},
    {"html", "html", NULL},
    {"htm", "html", NULL},
    {"doc", "ole", "ole"},
    {"png", "png", "png"},
    {"jpg", "jpeg", "jpeg"},
    {"jpeg", "jpeg", "jpeg"},
    {"gif", "gif", "gif"},
    {"tif", "tiff", "tiff"},
    {"tiff", "tiff", "tiff"},
    {"webp", "webp", "webp"},
    {"bmp", "bmp", "bmp"},
    {"svg", "svg", "xml"},
    {"zip", "zip", "zip"},
    {"gz", "gzip", "gzip"},
    {"tgz", "gzip", "gzip"},
    {"zst", "zstd", "zstd"},
    {"bz2", "bzip2", "bzip2"},
    {"xz", "xz", "xz"},
    {"7z", "7z", "7z"},
    {"rar", "rar", "rar"},
    {"tar", "tar", "tar"},
    {"xlsx", "xlsx", "zip"},
    {"xlsm", "xlsx", "zip"},
    {"excel", "xlsx", "zip"},
    {"xls", "xls", "ole"},
    {"ods", "ods", "zip"},
    {"parquet", "parquet", "parquet"},
    {"avro", "avro", "avro"},
    {"orc", "orc", "orc"},
    {"arrow", "arrow", "arrow"},
    {"feather", "arrow", "arrow"},
    {"h5", "hdf5", "hdf5"},
    {"hdf5", "hdf5", "hdf5"},
    {"nc", "netcdf", NULL},
    {"npy", "numpy", "numpy"},
    {"npz", "numpy", "zip"},
    {"shp", "shapefile", "shapefile"},
    {"onnx", "onnx", NULL},
    {"gguf", "gguf", "gguf"},
    {"safetensors", "safetensors", NULL},
    {"pkl", "pickle", NULL},
    {"pickle", "pickle", NULL},
    {"joblib", "pickle", NULL},
    {"pt", "pytorch", "zip"},
    {"pth", "pytorch", "zip"},
    {"keras", "keras", "zip"},
    {"pmml", "pmml", "xml"},
    {"xml", "xml", "xml"},
    {"yaml", "yaml", NULL},
    {"yml", "yaml", NULL},
    {"md", "markdown", NULL},
    {"ipynb", "notebook", NULL},
    {"txt", "text", NULL},
    {"wav", "wav", "wav"},
    {"flac", "flac", "flac"},
    {"mp3", "mp3", NULL},
    {"ogg", "ogg", "ogg"},
    {"mp4", "mp4", "mp4"},
    {"mkv", "matroska", "matroska"},
    {"exe", "pe", "pe"},
    {"wasm", "wasm", "wasm"},
};

static const struct kept_type *type_called(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof types / sizeof *types; i++) {
        if (string_equal_fold(types[i].name, name)) {
            return &types[i];
        }
    }
    return NULL;
}

static bool is_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 9 || (c > 13 && c < 32) || c > 126) {
            return false;
        }
    }
    return length > 0;
}

/* Two or three letters prove nothing where everything behind them is letters too. */
static const struct magic *magic_of(const char *bytes, size_t length)
{
    bool is_plain = is_ascii(bytes, length);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *magic = &magics[i];
        bool is_word = magic->length < 4 && magic->bytes[0] != '#';
        if (magic->offset + magic->length <= length && !(is_plain && is_word) &&
            memcmp(bytes + magic->offset, magic->bytes, magic->length) == 0) {
            return magic;
        }
    }
    return NULL;
}

static bool is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 9 || (c > 13 && c < 32 && c != 27) || c == 127) {
            return false;
        }
    }
    return length > 0;
}

static const char *suffix_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash != NULL ? slash : name, '.');
    return dot != NULL ? dot + 1 : "";
}

/* A suffix is believed where the first bytes are those of its container, or where neither
 * they nor the format have any of their own. */
static const char *by_suffix(const char *suffix, const char *magic)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const char *within = suffixes[i].within;
        if (string_equal_fold(suffixes[i].suffix, suffix) &&
            (within == NULL ? magic == NULL : string_equal(within, magic))) {
            return suffixes[i].type;
        }
    }
    return NULL;
}

const struct kept_type *kept_type_of(const char *bytes, size_t length, const char *name)
{
    const struct magic *magic = magic_of(bytes, length);
    const char *first = magic != NULL ? magic->type : NULL;
    const char *type = by_suffix(suffix_of(name), first);
    type = type != NULL ? type : first;
    type = type != NULL ? type : is_text(bytes, length) ? "text" : "file";
    return type_called(type);
}

const struct kept_type *kept_type_named(const char *name)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (string_equal_fold(suffixes[i].suffix, name)) {
            return type_called(suffixes[i].type);
        }
    }
    const struct kept_type *type = type_called(name);
    for (size_t i = 0; type == NULL && i < sizeof types / sizeof *types; i++) {
        type = string_equal_fold(types[i].media, name) ? &types[i] : NULL;
    }
    return type;
}
