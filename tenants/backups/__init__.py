"""Backups of towns, encrypted: taken from a live platform, restored beside what is there.

- `keys`: the key that opens them;
- `sealing`: encryption, in chunks whose order and end are proved;
- `members`: what the sealed stream holds, one named member after the other;
- `rows`: the tables of a schema as text that is the same before and after;
- `taking`: a town, or all of them, into a file;
- `shared`: what the platform itself cannot lose;
- `restoring`: a town out of a file, in a schema of its own, or nothing.
"""
