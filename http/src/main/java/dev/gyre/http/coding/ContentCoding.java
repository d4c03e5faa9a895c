package dev.gyre.http.coding;

/** What the content of a file can be coded with (RFC 9110, 8.4.1), the shortest first. */
public enum ContentCoding {
    /** Brotli, RFC 7932. */
    BROTLI("br", ".br"),
    /** Zstandard, RFC 8878. */
    ZSTANDARD("zstd", ".zst"),
    /** gzip, RFC 1952. */
    GZIP("gzip", ".gz");

    private final String token;
    private final String extension;

    ContentCoding(String token, String extension) {
        this.token = token;
        this.extension = extension;
    }

    /**
     * Its name in header fields.
     *
     * @return in lower case
     */
    public String token() {
        return token;
    }

    /**
     * What follows the name of a file that is coded so.
     *
     * @return with the dot
     */
    public String extension() {
        return extension;
    }

    /**
     * The coding that has an extension.
     *
     * @param extension with the dot
     * @return the coding
     * @throws IllegalArgumentException if there is none
     */
    public static ContentCoding ofExtension(String extension) {
        for (ContentCoding coding : values()) {
            if (coding.extension.equals(extension)) {
                return coding;
            }
        }
        throw new IllegalArgumentException("no coding has the extension " + extension);
    }
}
