"""From a brief to a checked, cited digest; from a question to a cited answer or a refusal."""
