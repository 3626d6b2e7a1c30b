// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// htmlSpace is white space in the sense of HTML.
const htmlSpace = " \t\n\r\f"

// absolute returns an address that bytes can be read from, empty if there is
// none. One without a scheme is taken for https.
func absolute(address string) string {
	address = strings.Trim(address, htmlSpace)
	if strings.HasPrefix(strings.ToLower(address), "data:image/") {
		return address
	}
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// largestOf returns the address with the greatest width in a srcset, empty if
// its members have no widths: those for denser screens (2x) would be shown
// larger than they are meant. Addresses may have commas in them, and end at
// white space (HTML, 4.8.4.2.1).
func largestOf(srcset string) string {
	largest, width := "", 0.0
	for srcset != "" {
		srcset = strings.TrimLeft(srcset, htmlSpace+",")
		end := strings.IndexAny(srcset, htmlSpace)
		if end < 0 {
			end = len(srcset)
		}
		address := srcset[:end]
		srcset = srcset[end:]
		descriptor := ""
		if !strings.HasSuffix(address, ",") {
			descriptor, srcset, _ = strings.Cut(srcset, ",")
		}
		if w := widthOf(descriptor); w > width {
			largest, width = address, w
		}
	}
	return largest
}

func widthOf(descriptor string) float64 {
	for _, field := range strings.Fields(descriptor) {
		if number, ok := strings.CutSuffix(field, "w"); ok {
			if w, err := strconv.ParseFloat(number, 64); err == nil {
				return w
			}
		}
	}
	return 0
}

var imageClass = regexp.MustCompile(`^wp-image-\d+$`)

// imageClasses replaces the class that names an attachment, which was another
// site's.
func imageClasses(classes string, id int64) string {
	var kept []string
	for _, class := range strings.Fields(classes) {
		if !imageClass.MatchString(class) {
			kept = append(kept, class)
		}
	}
	return strings.Join(append(kept, fmt.Sprintf("wp-image-%d", id)), " ")
}
