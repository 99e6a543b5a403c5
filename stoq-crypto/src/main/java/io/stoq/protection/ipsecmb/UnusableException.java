package io.stoq.protection.ipsecmb;

/** The library is not to be used here. The message is a clause that says why and, where there is one, the remedy. */
final class UnusableException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableException(String reason) {
        super(reason);
    }
}
