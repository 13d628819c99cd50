"""Parts of the pipeline in `config.yml`. Rasa imports them by name."""
