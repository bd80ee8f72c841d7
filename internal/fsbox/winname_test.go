package fsbox

import "testing"

func TestPlainWindowsName(t *testing.T) {
	for _, name := range []string{
		"", `a\b`, `\\server\share`, "C:", "c:x", "file:stream", "a?", "a*", "a|b", "a<", `"`, "a.", "a ", "tab\t", "nul", "NUL.txt", "con", "Con .x",
		"aux.tar.gz", "com1", "COM9.log", "lpt0", "COM¹", "conin$", "prn", "a/b", "clock$",
	} {
		if plainWindowsName(name) {
			t.Errorf("%q passes", name)
		}
	}
	for _, name := range []string{"a", "a.b", ".hidden", "null", "com", "com10", "console", "lpt", "ünicode", "a b", "auxiliary.txt", "..a"} {
		if !plainWindowsName(name) {
			t.Errorf("%q doesn't pass", name)
		}
	}
}
