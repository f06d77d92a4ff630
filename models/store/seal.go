package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"rotunda/models"
)

// keys are derived from the link key, one for each purpose.
type keys struct {
	links   []byte       // personal links
	shuffle []byte       // the order in which outsiders see insights
	cursors cipher.Block // cursors and event ids
	hashes  []byte       // keys of attempt counters
}

func deriveKeys(linkKey []byte) (keys, error) {
	if len(linkKey) != 32 {
		return keys{}, fmt.Errorf("store: the link key must have 32 bytes, it has %d", len(linkKey))
	}
	part := func(purpose string) []byte {
		k, err := hkdf.Key(sha256.New, linkKey, nil, "rotunda "+purpose, 32)
		if err != nil {
			panic(err) // only for absurd lengths
		}
		return k
	}
	block, err := aes.NewCipher(part("cursors"))
	if err != nil {
		return keys{}, err
	}
	return keys{links: linkKey, shuffle: part("shuffle"), cursors: block, hashes: part("attempts")}, nil
}

// seal hides a counter: whoever holds the result can hand it back but learns
// neither the number nor how far two of them lie apart.
func (k keys) seal(purpose byte, n int64) string {
	var b [aes.BlockSize]byte
	b[0] = purpose
	binary.BigEndian.PutUint64(b[8:], uint64(n))
	k.cursors.Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// open reads what seal wrote for the same purpose.
func (k keys) open(purpose byte, s string) (int64, bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != aes.BlockSize {
		return 0, false
	}
	k.cursors.Decrypt(b, b)
	for i, v := range b[:8] {
		if (i == 0 && v != purpose) || (i > 0 && v != 0) {
			return 0, false
		}
	}
	return int64(binary.BigEndian.Uint64(b[8:])), true
}

// position returns where an insight stands for readers who must not learn the
// order of capture: by the day of its roundtable, then shuffled.
func (k keys) position(day int64, id models.ID) int64 {
	m := hmac.New(sha256.New, k.shuffle)
	_ = binary.Write(m, binary.BigEndian, int64(id))
	low := binary.BigEndian.Uint64(m.Sum(nil)) >> 20 // 44 bits
	return day<<44 | int64(low)
}

// hashed returns a keyed hash for a counter, so that neither addresses nor
// e-mail addresses lie readable in the table of attempts.
func (k keys) hashed(s string) string {
	m := hmac.New(sha256.New, k.hashes)
	m.Write([]byte(s))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// linkToken computes the bearer token of a personal link: 256 bits, never kept.
func (k keys) linkToken(purpose string, guest models.ID, version int) string {
	m := hmac.New(sha256.New, k.links)
	fmt.Fprintf(m, "%s\x00%d\x00%d", purpose, int64(guest), version)
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// hashToken returns what the database keeps of a token.
func hashToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(h[:])
}
