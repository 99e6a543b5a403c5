package io.stoq.stream;

/** A circular list of streams whose links are part of the streams: nothing is allocated. Confined to the connection's loop. */
final class Ring {

    /** A stream's place in at most one ring. */
    static final class Link {
        final Stream stream;
        private Link previous;
        private Link next;
        private Ring ring;

        Link(Stream stream) {
            this.stream = stream;
        }

        Ring ring() {
            return ring;
        }
    }

    private Link head;

    boolean isEmpty() {
        return head == null;
    }

    /** The stream whose turn it is; null when there is none. */
    Stream first() {
        return head == null ? null : head.stream;
    }

    /** Ends the first stream's turn. */
    void rotate() {
        head = head.next;
    }

    void addLast(Link link) {
        link.ring = this;
        if (head == null) {
            link.previous = link;
            link.next = link;
            head = link;
            return;
        }
        link.previous = head.previous;
        link.next = head;
        head.previous.next = link;
        head.previous = link;
    }

    void remove(Link link) {
        if (link.next == link) {
            head = null;
        } else {
            link.previous.next = link.next;
            link.next.previous = link.previous;
            if (head == link) {
                head = link.next;
            }
        }
        link.previous = null;
        link.next = null;
        link.ring = null;
    }
}
