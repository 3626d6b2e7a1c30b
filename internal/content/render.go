// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Format is the form of a body; the values are those of the API.
type Format string

const (
	// FormatHTML is HTML, passed on as it is.
	FormatHTML Format = "HTML"
	// FormatMarkdown is Markdown in GitHub's flavour, rendered to HTML.
	FormatMarkdown Format = "Markdown"
	// FormatBlocks is the block editor's markup, passed on as it is.
	FormatBlocks Format = "Blocks"
)

// Result is a rendered body.
type Result struct {
	// HTML is what the site is to store: HTML or block markup.
	HTML string
	// FrontMatter is what Markdown says about its post.
	FrontMatter FrontMatter
}

// Render renders a body, and reads the front matter of Markdown. Nothing is sanitised, raw HTML within Markdown
// included: the site's own filters decide by what its user may do. A leading
// heading stays, even if it repeats the title.
//
// Errors: [*InvalidTextError], [*FrontMatterError], [ErrFrontMatterUnsupported],
// [ErrTOML], [*UnknownFormatError].
func Render(format Format, source string) (Result, error) {
	if err := checkText(source); err != nil {
		return Result{}, err
	}
	source = strings.TrimPrefix(source, "\ufeff")
	block, body, found := cutFrontMatter(source)
	switch {
	case isTOML(source):
		return Result{}, ErrTOML
	case format == FormatMarkdown:
		return renderMarkdown(block, body)
	case found:
		return Result{}, ErrFrontMatterUnsupported
	case format == FormatHTML, format == FormatBlocks:
		return Result{HTML: source}, nil
	default:
		return Result{}, &UnknownFormatError{Format: format}
	}
}

func renderMarkdown(block, source string) (Result, error) {
	matter, err := parseFrontMatter(block)
	if err != nil {
		return Result{}, err
	}
	if err := checkComplexity(source); err != nil {
		return Result{}, err
	}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(joinLines{}, 1000))),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	var b bytes.Buffer
	if err := markdown.Convert([]byte(source), &b); err != nil {
		return Result{}, fmt.Errorf("render Markdown: %w", err)
	}
	return Result{HTML: b.String(), FrontMatter: matter}, nil
}

// joinLines makes a space of each line break within a paragraph. They mean the
// same in HTML, but WordPress shows a line break there as <br> (wpautop).
type joinLines struct{}

// Transform implements [parser.ASTTransformer].
func (joinLines) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	// The walk's only error would be the callback's own.
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		line, ok := node.(*ast.Text)
		if !entering || !ok || !line.SoftLineBreak() {
			return ast.WalkContinue, nil
		}
		line.SetSoftLineBreak(false)
		line.Parent().InsertAfter(line.Parent(), line, ast.NewString([]byte(" ")))
		return ast.WalkContinue, nil
	})
}

// checkText finds the first byte that a site could not store.
func checkText(source string) error {
	for offset, r := range source {
		if r == 0 {
			return &InvalidTextError{Offset: offset, Reason: "a NUL byte"}
		}
		if r == utf8.RuneError && !strings.HasPrefix(source[offset:], "\ufffd") {
			return &InvalidTextError{Offset: offset, Reason: "invalid UTF-8"}
		}
	}
	return nil
}
