package store

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/alexedwards/argon2id"

	"rotunda/models"
)

// passwordParams is what a password costs to try: 64 MiB of memory each.
var passwordParams = argon2id.Params{Memory: 64 << 10, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// passwordBytes is the longest password that is hashed at all: as many
// characters as one may have are fewer bytes.
const passwordBytes = 1024

// hashing lets two passwords at a time take their memory.
var hashing = make(chan struct{}, 2)

// noPassword is the hash of accounts that are not there or have no password.
// It costs as much as any other to compare, and nothing matches it.
var noPassword = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
	passwordParams.Memory, passwordParams.Iterations, passwordParams.Parallelism,
	base64.RawStdEncoding.EncodeToString(make([]byte, passwordParams.SaltLength)),
	base64.RawStdEncoding.EncodeToString(make([]byte, passwordParams.KeyLength)))

// PasswordHashes returns how many passwords this store has hashed or compared
// since it was opened: what attempt limits keep low.
func (s *Store) PasswordHashes() int64 { return s.hashed.Load() }

// hashPassword returns the hash that the database keeps.
func (s *Store) hashPassword(ctx context.Context, password string) (hash string, err error) {
	err = s.whileHashing(ctx, func() error {
		hash, err = argon2id.CreateHash(models.PasswordText(password), &passwordParams)
		return err
	})
	return hash, err
}

// matchPassword reports whether the password is the hash's. It takes the same
// time for an empty hash, which nothing matches. stale says that the hash was
// made with other parameters than today's.
func (s *Store) matchPassword(ctx context.Context, password, hash string) (match, stale bool, err error) {
	if hash == "" || len(password) > passwordBytes {
		password, hash = "", noPassword
	}
	err = s.whileHashing(ctx, func() error {
		var params *argon2id.Params
		match, params, err = argon2id.CheckHash(models.PasswordText(password), hash)
		stale = params == nil || *params != passwordParams
		return err
	})
	return match && hash != noPassword, stale, err
}

// whileHashing waits for one of the places and runs f in it.
func (s *Store) whileHashing(ctx context.Context, f func() error) error {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-hashing }()
	s.hashed.Add(1)
	return f()
}
