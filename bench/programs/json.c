// A tokenizer for JSON over a generated document: a state machine with
// switches, byte by byte.
#include "lib.h"

#define SIZE 100000
static char doc[SIZE + 256];
static u32 used;

static void put(const char *s) {
  while (*s) doc[used++] = *s++;
}

static void number(u32 x) {
  char digits[12];
  int n = 0;
  do digits[n++] = (char)('0' + x % 10);
  while (x /= 10);
  while (n) doc[used++] = digits[--n];
}

static void generate(void) {
  put("[");
  while (used < SIZE) {
    put("{\"id\": ");
    number(random());
    put(", \"name\": \"m\\u00f6dule \\\"");
    number(random() % 1000);
    put("\\\"\", \"tags\": [true, false, null, -");
    number(random() % 100);
    put(".");
    number(random() % 10000);
    put("e+3], \"nested\": {\"a\": [], \"b\": {}}},\n  ");
  }
  put("null]");
  doc[used] = 0;
}

enum token { END, PUNCTUATION, STRING, NUMBER, WORD, BAD, TOKENS };

static const char *p;

static enum token next(void) {
  for (;;) {
    switch (*p) {
    case 0:
      return END;
    case ' ': case '\n': case '\t': case '\r':
      p++;
      continue;
    case '{': case '}': case '[': case ']': case ',': case ':':
      p++;
      return PUNCTUATION;
    case '"':
      for (p++; *p != '"'; p++) {
        if (*p == 0) return BAD;
        if (*p == '\\') {
          switch (*++p) {
          case 'u':
            p += 4;
            break;
          case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
            break;
          default:
            return BAD;
          }
        }
      }
      p++;
      return STRING;
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      p++;
      while ((*p >= '0' && *p <= '9') || *p == '.' || *p == 'e' || *p == '+' || *p == '-') p++;
      return NUMBER;
    case 't': case 'f': case 'n':
      while (*p >= 'a' && *p <= 'z') p++;
      return WORD;
    default:
      return BAD;
    }
  }
}

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  used = 0;
  generate();
  while (n--) {
    u32 counts[TOKENS] = {0};
    p = doc;
    enum token t;
    while ((t = next()) != END && t != BAD) counts[t]++;
    for (int i = 0; i < TOKENS; i++) sum = mix(sum, counts[i]);
  }
  return (i64)sum;
}
