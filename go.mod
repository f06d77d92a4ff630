module rotunda

go 1.26.0
