package files

import (
	"fmt"
	"strings"
	"unicode"

	"rotunda/models"
)

// FileName makes a file name that every system accepts from a title and an
// ending such as "csv". Letters of every script stay.
func FileName(title, ending string) string {
	const most = 80
	var b strings.Builder
	n := 0
	for _, r := range title {
		switch {
		case n == most:
		case unicode.IsSpace(r), unicode.IsControl(r), strings.ContainsRune(`/\:*?"<>|`, r):
			if !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
				n++
			}
		case models.Invisible(r), r == unicode.ReplacementChar:
		default:
			b.WriteRune(r)
			n++
		}
	}
	name := strings.Trim(b.String(), " .")
	if name == "" || reservedName(name) {
		name = strings.TrimSpace("export " + name)
	}
	return name + "." + ending
}

// reservedName reports whether Windows keeps the name for a device.
func reservedName(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base = strings.TrimSpace(base); base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) && base[3] >= '0' && base[3] <= '9'
}

// Attachment returns the Content-Disposition header that saves a file under
// the name: in ASCII for old browsers, and in full (RFC 6266, RFC 8187).
func Attachment(name string) string {
	var plain, full strings.Builder
	for _, r := range name {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for i := range len(name) {
		if c := name[i]; c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0) {
			full.WriteByte(c)
		} else {
			fmt.Fprintf(&full, "%%%02X", c)
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + full.String()
}
