"""What Rasa itself has to say about the dialogue's files."""

from __future__ import annotations

import warnings

from nlu.build import CONFIG, DATA, DOMAIN
from nlu.engine import DialogueEngine


def test_rasa_finds_nothing_wrong_with_the_dialogue(engine: DialogueEngine) -> None:
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(str(CONFIG), str(DOMAIN), str(DATA))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        # Said of every domain that has slots; Rasa's own command line hides it too.
        warnings.filterwarnings("ignore", "Slot auto-fill has been removed", UserWarning)
        validator = Validator.from_importer(importer)
        assert validator.verify_domain_validity()
        assert validator.verify_nlu(ignore_warnings=False)
        assert validator.verify_story_structure(ignore_warnings=False)
        assert validator.verify_forms_in_stories_rules()
        assert validator.verify_actions_in_stories_rules()
        assert validator.verify_form_slots()
        assert validator.verify_slot_mappings()
