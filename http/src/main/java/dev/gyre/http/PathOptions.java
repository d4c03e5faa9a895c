package dev.gyre.http;

/**
 * Which file a path stands for.
 *
 * @param followSymlinks whether symbolic links are followed, always beneath the root only; or else what they lead to is
 *     answered with 404
 * @param cleanUrls whether {@code /about} is answered with {@code about.html} where there is nothing of that name
 * @param redirectHtml whether {@code /about.html} leads to {@code /about} then, so that each page has one address
 * @param singlePage whether what is not there is answered with {@code /index.html}, for programs in the browser that
 *     look at the address themselves; not where the last part of the path has a dot, unless the client asks for HTML
 */
public record PathOptions(boolean followSymlinks, boolean cleanUrls, boolean redirectHtml, boolean singlePage) {
    /** Links are followed, and a path is a file's and nothing else. */
    public static final PathOptions DEFAULT = new PathOptions(true, false, false, false);

    /** Refuses to lead to where nothing would be found. */
    public PathOptions {
        if (redirectHtml && !cleanUrls) {
            throw new IllegalArgumentException("redirectHtml needs cleanUrls");
        }
    }
}
