package models

import "strings"

// reservedDomains are names that never belong to anybody (RFC 2606, RFC 6761):
// examples and tests use them, and no mail sent there can reach a person.
var reservedDomains = []string{"example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"}

// ReservedAddress reports whether the e-mail address lies in a domain that is
// reserved for examples and tests.
func ReservedAddress(email string) bool {
	domain := strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
	domain = strings.TrimSuffix(domain, ".")
	for _, reserved := range reservedDomains {
		if domain == reserved || strings.HasSuffix(domain, "."+reserved) {
			return true
		}
	}
	return false
}
