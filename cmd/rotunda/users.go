package main

import (
	"context"
	"errors"
	"strings"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
)

// userCmd keeps accounts from the command line.
type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add an account and print its one-time sign-in link."`
	Link    userLinkCmd    `cmd:"" help:"Print a new one-time sign-in link for an account."`
	List    userListCmd    `cmd:"" help:"List the accounts, oldest first: e-mail, name, role, state."`
	Disable userDisableCmd `cmd:"" help:"Disable an account: its sessions end at once."`
}

type userAddCmd struct {
	database
	site
	Email string `required:"" help:"E-mail address."`
	Name  string `required:"" help:"Full name."`
	Role  string `required:"" enum:"admin,convener,rapporteur,analyst,reader" help:"admin, convener, rapporteur, analyst or reader."`
}

// Run adds the account.
func (c *userAddCmd) Run(ctx context.Context, e *environment) error {
	return c.linked(ctx, e, c.site, func(st *store.Store) (string, error) {
		role, _ := models.ParseAccountRole(c.Role)
		_, token, err := st.CreateAccount(ctx, models.System("command line"),
			models.AccountInput{Email: c.Email, Name: c.Name, Role: role}, store.SignInLink)
		return token, err
	})
}

type userLinkCmd struct {
	database
	site
	Email string `required:"" help:"E-mail address."`
}

// Run prints a new link.
func (c *userLinkCmd) Run(ctx context.Context, e *environment) error {
	return c.linked(ctx, e, c.site, func(st *store.Store) (string, error) {
		token, err := st.NewSignInLink(ctx, models.System("command line"), c.Email)
		if errors.Is(err, models.ErrNotFound) {
			return "", errors.New("there is no enabled account with this address")
		}
		return token, err
	})
}

// linked prints the sign-in link whose token f makes.
func (d database) linked(ctx context.Context, e *environment, s site, f func(*store.Store) (string, error)) error {
	base, err := s.baseURL()
	if err != nil {
		return err
	}
	st, err := d.openOrCreate(ctx, e, false)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	token, err := f(st)
	if err != nil {
		return err
	}
	e.printf("%s\n", web.Config{BaseURL: base}.SignInLink(token))
	return nil
}

type userListCmd struct{ database }

// Run lists the accounts.
func (c *userListCmd) Run(ctx context.Context, e *environment) error {
	st, err := c.openReady(ctx, e)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	accounts, err := st.Accounts(ctx, models.System("command line"))
	if err != nil {
		return err
	}
	for _, a := range accounts {
		e.printf("%s\n", strings.Join([]string{a.Email, a.Name, a.Role.Key(), a.State()}, "\t"))
	}
	return nil
}

type userDisableCmd struct {
	database
	Email string `required:"" help:"E-mail address."`
}

// Run disables the account.
func (c *userDisableCmd) Run(ctx context.Context, e *environment) error {
	st, err := c.openReady(ctx, e)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	v, err := st.ViewerByEmail(ctx, c.Email)
	if errors.Is(err, models.ErrNotFound) {
		return errors.New("there is no enabled account with this address")
	}
	if err != nil {
		return err
	}
	return st.DisableAccount(ctx, models.System("command line"), v.Account())
}
