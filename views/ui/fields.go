package ui

import "rotunda/models"

// Field is one labeled control of a form. Only Name and Label are required.
type Field struct {
	Name  string // form name; the id is FieldID(Name) unless ID is set
	ID    string // for a form that stands on a page more than once
	Label string
	Note  string // small words after the label, such as "optional"
	Value string // what is typed in
	Hint  string // a line below the label that helps before anything goes wrong
	Error string // what is wrong and what would be right
	Width string // in .grid-form: "w2", "w3" or "w4" of 6 columns; empty is all

	Type         string // of TextField: "text" (the default), "email", "number", "url", "tel", "search"
	Autocomplete string
	Placeholder  string
	Min, Max     string // of numbers, dates and times
	MaxLength    int    // in characters; 0 is no limit
	Rows         int    // of TextArea; 0 is 3
	List         string // id of a datalist

	Required  bool
	Disabled  bool
	Autofocus bool
	Large     bool // 48 px high, for sign-in and guests
	Columns   bool // Checkboxes of a word or two, in columns
}

// Option is one value of a SelectField or of Choices.
type Option struct {
	Value, Label string
	Hint         string // Choices only: the line under the label
	Group        string // SelectField only: options with equal Group stand together
	Disabled     bool
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return FieldID(f.Name)
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy names the hint and the error of the field.
func (f Field) describedBy() string {
	switch {
	case f.Hint != "" && f.Error != "":
		return f.id() + "-h " + f.id() + "-e"
	case f.Hint != "":
		return f.id() + "-h"
	case f.Error != "":
		return f.id() + "-e"
	}
	return ""
}

func (f Field) class() string {
	if f.Large {
		return "input input--lg"
	}
	return "input"
}

func (f Field) selectClass() string {
	if f.Large {
		return "select select--lg"
	}
	return "select"
}

func (f Field) maxLength() string {
	if f.MaxLength == 0 {
		return ""
	}
	return num(f.MaxLength)
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "3"
	}
	return num(f.Rows)
}

// optionGroup is a run of options under one heading.
type optionGroup struct {
	name    string
	options []Option
}

func optionGroups(options []Option) []optionGroup {
	var out []optionGroup
	for _, o := range options {
		if len(out) == 0 || out[len(out)-1].name != o.Group {
			out = append(out, optionGroup{name: o.Group})
		}
		last := &out[len(out)-1]
		last.options = append(last.options, o)
	}
	return out
}

// Options makes options whose labels are their values.
func Options(values ...string) []Option {
	out := make([]Option, len(values))
	for i, v := range values {
		out[i] = Option{Value: v, Label: v}
	}
	return out
}

// regimeOf reads an option's value; what it cannot read is off the record.
func regimeOf(key string) models.Regime {
	r, _ := models.ParseRegime(key)
	return r
}
