"""What a town reads of the operator's books, and what it says of them: callable without a request.

Every row is read, and every act written, inside `billing.access.for_current_town()`: its own rows, through a role that
has nothing else (a test reads these files). Names of communes are the reference's, which every town reads by itself.
"""
