//go:build !race

package store_test

import "rotunda/models"

// offers lists, for every type that a read of the store takes beside ids and
// plain values, what it is asked with: a slice for each type.
func (a *asker) offers() []any {
	var rooms []models.RoundtableFilter
	for _, text := range a.texts {
		rooms = append(rooms, models.RoundtableFilter{Text: text})
	}
	for _, sector := range models.Sectors {
		rooms = append(rooms, models.RoundtableFilter{Sector: sector})
	}
	rooms = append(rooms, models.RoundtableFilter{Mine: true}, models.RoundtableFilter{Limit: 1})
	var people []models.PersonFilter
	var organisations []models.OrganisationFilter
	for _, text := range a.texts {
		people = append(people, models.PersonFilter{Query: text})
		organisations = append(organisations, models.OrganisationFilter{Query: text})
	}
	for _, sector := range models.Sectors {
		people = append(people, models.PersonFilter{Sector: sector})
	}
	return []any{rooms, people, organisations}
}
