"""The referee: tries to prove that jobs are lost or run twice.

It shares no code and no assumption with the product: it imports nothing of it (`test_imports.py`
holds that), starts real processes, kills them, and then compares three accounts of what happened:
the ledger that the jobs themselves wrote, the answers that clients read, and the rows that the
server shows. ``python -m tests.referee.soak`` runs as many rounds as one likes.
"""
