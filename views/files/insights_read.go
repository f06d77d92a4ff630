package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rotunda/models"
)

// ErrNotInsights means that a file is no export of insights, or is broken off.
var ErrNotInsights = errors.New("this is no export of insights, or it is not whole")

// ReadInsightHead reads what a file says beside its insights, which it skips.
func ReadInsightHead(r io.Reader) (models.InsightFileHead, error) {
	var head models.InsightFileHead
	err := readInsights(r, &head, func(models.FileInsight) error { return nil })
	return head, err
}

// ReadInsights reads the insights of a file one by one, in its order.
func ReadInsights(r io.Reader, take func(models.FileInsight) error) error {
	var head models.InsightFileHead
	return readInsights(r, &head, take)
}

// readInsights reads a file member by member, so that no more than one insight
// is held at a time.
func readInsights(r io.Reader, head *models.InsightFileHead, take func(models.FileInsight) error) error {
	d := json.NewDecoder(r)
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return ErrNotInsights
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return broken(err)
		}
		switch name {
		case "format":
			err = d.Decode(&head.Format)
		case "version":
			err = d.Decode(&head.Version)
		case "audience":
			err = d.Decode(&head.Audience)
		case "codes":
			err = d.Decode(&head.Codes)
		case "roundtables":
			err = d.Decode(&head.Roundtables)
		case "insights":
			if err := each(d, take); err != nil {
				return err
			}
		default:
			var later json.RawMessage // fields are only ever added
			err = d.Decode(&later)
		}
		if err != nil {
			return broken(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(err)
	}
	return nil
}

func broken(err error) error { return fmt.Errorf("%w: %w", ErrNotInsights, err) }

// each reads the members of a list.
func each(d *json.Decoder, take func(models.FileInsight) error) error {
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return ErrNotInsights
	}
	for d.More() {
		var one models.FileInsight
		if err := d.Decode(&one); err != nil {
			return broken(err)
		}
		if err := take(one); err != nil {
			return err
		}
	}
	_, err := d.Token()
	if err != nil {
		return broken(err)
	}
	return nil
}
