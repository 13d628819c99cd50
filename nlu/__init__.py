"""What a worker means and what the desk says next: Rasa behind one small interface (`nlu.engine`)."""
