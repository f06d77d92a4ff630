package models

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// CleanText returns the text as it may be kept: trimmed, line ends as one line
// feed, without zero-width, direction and control characters; removed says
// that there were any. ok is false where the text holds a NUL, which no
// database keeps. Letters stay byte for byte.
func CleanText(s string) (clean string, removed, ok bool) {
	if isPlain(s) {
		return strings.Trim(s, " "), false, true
	}
	if strings.IndexByte(s, 0) >= 0 {
		return s, false, false
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	clean = strings.Map(func(r rune) rune {
		if Invisible(r) {
			removed = true
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(clean), removed, true
}

// isPlain reports whether the text is printable ASCII throughout.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Invisible reports whether a character shows nothing and can deceive the
// reader: zero-width characters, direction controls and control characters
// other than tab and line feed.
func Invisible(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069:
		return true
	case r == 0x061c, r == 0xfeff, r == 0x00ad, r == 0x180e:
		return true
	case r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

func tooLong(name, s string, limit int) string {
	return fmt.Sprintf("%s has %s characters; the most is %s.", name, Thousands(utf8.RuneCountInString(s)), Thousands(limit))
}

// Thousands writes a number with commas: 1,204.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	digits := strings.TrimPrefix(s, "-")
	var b strings.Builder
	b.WriteString(s[:len(s)-len(digits)])
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// CheckEmail returns what is wrong with an address, as a sentence, or nothing
// where one message can be sent to it. Domains may be in any script; the part
// before the @ must be ASCII, for many mail servers refuse other letters. It
// asks no server.
func CheckEmail(s string) string {
	switch {
	case strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || Invisible(r) }) >= 0:
		return "The e-mail holds a line break or another control character. Give one address only."
	case len(s) > 254:
		return tooLong("E-mail", s, 254)
	case strings.HasPrefix(strings.ToLower(s), "mailto:"):
		return "Give the e-mail without “mailto:”."
	case strings.ContainsAny(s, "<>"):
		return "Give only the e-mail, without a name and angle brackets."
	}
	local, domain, reason := splitEmail(s)
	if reason != "" {
		return reason
	}
	if reason := checkLocal(local); reason != "" {
		return reason
	}
	return checkDomain(domain)
}

// splitEmail parts an address at its @, which a quoted local part may hold too.
func splitEmail(s string) (local, domain, reason string) {
	from := 0
	if strings.HasPrefix(s, `"`) {
		if end := strings.LastIndexByte(s, '"'); end > 0 {
			from = end
		}
	}
	if strings.ContainsAny(s[from:], ";,") {
		return "", "", "This looks like several e-mails. Give one."
	}
	switch strings.Count(s[from:], "@") {
	case 0:
		return "", "", "The e-mail has no @."
	case 1:
	default:
		return "", "", "The e-mail has more than one @."
	}
	at := from + strings.IndexByte(s[from:], '@')
	return s[:at], s[at+1:], ""
}

func checkLocal(local string) string {
	switch {
	case local == "":
		return "The e-mail has nothing before the @."
	case len(local) > 64:
		return fmt.Sprintf("The e-mail has %d characters before the @; the most is 64.", len(local))
	case !isPlain(local):
		return "The e-mail has letters before the @ that many mail servers refuse; only plain ones work there."
	case strings.HasPrefix(local, `"`):
		return checkQuotedLocal(local)
	case strings.Contains(local, " "):
		return "The e-mail has a space in it."
	case strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return "The e-mail has a dot in the wrong place before the @."
	case strings.ContainsAny(local, `()[]\:"`):
		return "The e-mail has a character before the @ that addresses cannot hold."
	}
	return ""
}

func checkQuotedLocal(local string) string {
	const unclosed = "The e-mail has a quotation mark in the wrong place."
	if len(local) < 3 || !strings.HasSuffix(local, `"`) {
		return unclosed
	}
	inner := local[1 : len(local)-1]
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' {
			i++
			if i == len(inner) {
				return unclosed
			}
		} else if inner[i] == '"' {
			return unclosed
		}
	}
	return ""
}

func checkDomain(domain string) string {
	switch {
	case domain == "":
		return "The e-mail has nothing after the @."
	case strings.HasPrefix(domain, "["):
		return "The e-mail has a number address after the @; give a domain such as example.org."
	case strings.ContainsAny(domain, " \t"):
		return "The e-mail has a space in it."
	case strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, ".."):
		return "The e-mail has a dot in the wrong place after the @."
	case !strings.Contains(domain, "."):
		return "The e-mail has no domain ending, such as .org."
	}
	ascii, err := asciiDomain(domain)
	if err != nil || len(ascii) > 253 {
		return "The e-mail has a domain that cannot exist: " + shorten(domain, 60)
	}
	for _, label := range strings.Split(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "The e-mail has a domain that cannot exist: " + shorten(domain, 60)
		}
	}
	if end := ascii[strings.LastIndexByte(ascii, '.')+1:]; strings.Trim(end, "0123456789") == "" || len(end) < 2 {
		return "The e-mail has no domain ending, such as .org."
	}
	return ""
}

// asciiDomain returns the domain as mail servers know it: lower case, other
// scripts as xn--….
func asciiDomain(domain string) (string, error) {
	plain := true
	for i := range len(domain) {
		c := domain[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.') {
			plain = false
			break
		}
	}
	if plain {
		return domain, nil
	}
	return idna.Lookup.ToASCII(domain)
}

func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// EmailKey returns an address as it is compared: lower case, its domain in
// ASCII. Two addresses with one key reach the same mailbox.
func EmailKey(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	ascii, err := asciiDomain(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + ascii
}
