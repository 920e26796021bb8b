## The front door and the pages of the house.

welcome-title = Welcome
welcome-heading = Your ideas change things here.
welcome-lead = Young people and { $site } plan services together. You say what matters. We tell you what we did.
welcome-sign-in = Sign in with your card
