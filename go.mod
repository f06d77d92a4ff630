module rotunda

go 1.26.0

require (
	github.com/a-h/templ v0.3.977
	github.com/emersion/go-ical v0.0.0-20250329121855-f41e73efc392
	golang.org/x/text v0.43.0
	pgregory.net/rapid v1.3.0
)

require github.com/teambition/rrule-go v1.8.2 // indirect
