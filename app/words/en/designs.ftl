## Designs.
