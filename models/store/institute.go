package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"rotunda/models"
)

// UpdateInstitute changes the institute's settings, for who manages them. The
// logo has methods of its own. Bad input is a *models.InvalidError, what another
// changed since the form was shown models.ErrConflict.
func (s *Store) UpdateInstitute(ctx context.Context, v models.Viewer, seen models.Seen, in models.Institute) error {
	if !models.Can(v, models.ManageSettings) {
		return models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return err
	}
	return s.changeInstitute(ctx, v, "institute.update", func(t *tx, before models.Institute) (models.Institute, error) {
		in.Logo = before.Logo
		if err := seen.Check(before.Settings()); err != nil {
			return in, err
		}
		return in, t.promisedThresholds(before.Thresholds.For(models.Public), in.Thresholds.For(models.Public))
	})
}

// promisedThresholds refuses to lower what a published brief said that it kept
// to.
func (t *tx) promisedThresholds(before, after models.Threshold) error {
	if after.K >= before.K && after.L >= before.L {
		return nil
	}
	var manifests []string
	if err := t.list(&manifests, "SELECT manifest FROM publications"); err != nil {
		return err
	}
	var bad models.InvalidError
	for _, raw := range manifests {
		var said models.Manifest
		if err := json.Unmarshal([]byte(raw), &said); err != nil {
			return err
		}
		bad.Check(after.K >= min(said.K, before.K), "public_k", "A published brief promised at least "+strconv.Itoa(min(said.K, before.K))+".")
		bad.Check(after.L >= min(said.L, before.L), "public_l", "A published brief promised at least "+strconv.Itoa(min(said.L, before.L))+".")
	}
	return bad.Err()
}

func (s *Store) changeInstitute(ctx context.Context, v models.Viewer, action string, change func(*tx, models.Institute) (models.Institute, error)) error {
	return s.transact(ctx, v, func(t *tx) error {
		before := models.DefaultInstitute()
		if err := t.readSetting("institute", &before); err != nil {
			return err
		}
		after, err := change(t, before)
		if err != nil || after == before {
			return err
		}
		if err := t.writeSetting("institute", after); err != nil {
			return err
		}
		if after.Thresholds != before.Thresholds {
			if err := t.recomputeRooms("1 = 1"); err != nil {
				return err
			}
		}
		detail := map[string]any{}
		if after.Regime != before.Regime {
			detail["regime"] = after.Regime.Key()
		}
		if after.Thresholds != before.Thresholds {
			detail["thresholds"] = "changed"
		}
		return t.audit(auditRow{Action: action, ObjectKind: "institute", Detail: detail})
	})
}

// keptLogo is the logo as the settings keep it, apart from what every page
// reads.
type keptLogo struct {
	Type string
	Data []byte
}

// SetLogo keeps a picture as the institute's logo; none takes it away. A
// picture that will not do is a *models.InvalidError for "logo".
func (s *Store) SetLogo(ctx context.Context, v models.Viewer, data []byte) error {
	if !models.Can(v, models.ManageSettings) {
		return models.ErrForbidden
	}
	kept, version := keptLogo{}, ""
	if len(data) > 0 {
		mediaType, err := models.LogoType(data)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		kept, version = keptLogo{Type: mediaType, Data: data}, hex.EncodeToString(sum[:8])
	}
	return s.changeInstitute(ctx, v, "institute.logo", func(t *tx, i models.Institute) (models.Institute, error) {
		i.Logo = version
		return i, t.writeSetting("logo", kept)
	})
}

// Logo returns the logo's picture and media type: models.ErrNotFound where
// there is none. Everybody may see it.
func (s *Store) Logo(ctx context.Context) (data []byte, mediaType string, err error) {
	var kept keptLogo
	if err := s.readSetting(ctx, "logo", &kept); err != nil {
		return nil, "", err
	}
	if len(kept.Data) == 0 {
		return nil, "", models.ErrNotFound
	}
	return kept.Data, kept.Type, nil
}
