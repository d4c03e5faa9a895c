/** Who may ask: names of the server, users and passwords. */
@NullMarked
package dev.gyre.http.access;

import org.jspecify.annotations.NullMarked;
