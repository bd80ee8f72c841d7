// Text in memory: lengths, copies, comparisons, search, change of case.
#include "lib.h"

#define SIZE 65536
static char text[SIZE + 1], copy[SIZE + 1];

static u32 length(const char *s) {
  const char *p = s;
  while (*p) p++;
  return (u32)(p - s);
}

static int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (u8)*a - (u8)*b;
}

// count finds all occurrences, skipping by the last character (Horspool).
static u32 count(const char *s, u32 n, const char *word) {
  u32 m = length(word), found = 0;
  u8 skip[256];
  for (int i = 0; i < 256; i++) skip[i] = (u8)m;
  for (u32 i = 0; i + 1 < m; i++) skip[(u8)word[i]] = (u8)(m - 1 - i);
  for (u32 at = 0; at + m <= n; at += skip[(u8)s[at + m - 1]]) {
    u32 i = 0;
    while (i < m && s[at + i] == word[i]) i++;
    found += i == m;
  }
  return found;
}

static void upper(char *s) {
  for (; *s; s++)
    if (*s >= 'a' && *s <= 'z') *s -= 32;
}

EXPORT(run) i64 run(int n) {
  static const char *words[] = {"wasm", "memory", "table", "an", "instance", "the", "of", "trap"};
  u64 sum = 0;
  u32 at = 0;
  while (at < SIZE - 16) {
    for (const char *w = words[random() % 8]; *w; w++) text[at++] = *w;
    text[at++] = ' ';
  }
  text[at] = 0;
  while (n--) {
    u32 len = length(text);
    copy_bytes(copy, text, len + 1);
    sum = mix(sum, len + (u32)compare(text, copy));
    for (int i = 0; i < 8; i++) sum = mix(sum, count(copy, len, words[i]));
    upper(copy);
    sum = mix(sum, count(copy, len, "INSTANCE"));
    text[random() % len] = 'x';
  }
  return (i64)sum;
}
