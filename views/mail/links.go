package mail

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

var (
	// ErrNoLink means that a message would go out without its receiver's link.
	ErrNoLink = errors.New("the message lacks the guest’s link")
	// ErrForeignLink means that a message holds somebody's personal link that
	// is not its receiver's.
	ErrForeignLink = errors.New("the message holds a personal link that is not the guest’s own")
	// ErrEarlyMeetingLink means that the words of a message give the meeting
	// link to a guest who holds no seat.
	ErrEarlyMeetingLink = errors.New("the message gives the meeting link to a guest who has not accepted")
)

const token = `[A-Za-z0-9_-]{43}`

// guestLink finds a guest's link on any host, since an installation may have
// moved, and also within another address, as mail filters rewrite links.
var guestLink = regexp.MustCompile(`(?i)(?:/|%2f)(?:r|evaluate)(?:/|%2f)` + token)

// checkLink returns ErrNoLink unless the link can be a receiver's own.
func checkLink(link, baseURL string) error {
	if link == LinkPlaceholder {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
		!strings.HasPrefix(link, baseURL+"/") || link != line(link) || strings.ContainsAny(link, " <>\"'") {
		return ErrNoLink
	}
	return nil
}

// holdsForeignLink reports whether the text holds a personal link other than
// own: a guest's link of any host, or a token anywhere under the base URL.
func holdsForeignLink(text, baseURL, own string) bool {
	if own != "" {
		text = strings.ReplaceAll(text, own, " ")
	}
	if guestLink.MatchString(text) {
		return true
	}
	_, host, ok := strings.Cut(baseURL, "://")
	if !ok || host == "" {
		return false
	}
	tokened := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(host) + `/(?:[^\s<>"]*/)?` + token)
	return tokened.MatchString(text)
}

// check looks over everything that would leave the building.
func (m Message) check(d Data, link string) error {
	// A folded calendar line may be broken in the middle of an address.
	calendar := strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(string(m.Calendar))
	for _, part := range []string{m.Subject, m.Text, m.HTML} {
		if holdsForeignLink(part, d.BaseURL, link) {
			return ErrForeignLink
		}
	}
	if holdsForeignLink(calendar, d.BaseURL, "") { // not even the guest's own
		return ErrForeignLink
	}
	if d.MeetingLink != "" && !d.Accepted && strings.Contains(m.Subject+"\n"+m.Text+"\n"+calendar, d.MeetingLink) {
		return ErrEarlyMeetingLink
	}
	return nil
}
