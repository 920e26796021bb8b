## The front door and the pages of the house.

welcome-title = Welcome
welcome-heading = Your ideas change things here.
welcome-lead = Young people and { $site } plan services together. You say what matters. We tell you what we did.
welcome-sign-in = Sign in with your card
welcome-ended = You are signed out now. We do that after some time, to keep you safe. Sign in again to go on.
welcome-done = You said, we did
welcome-done-all = See everything you said and we did
welcome-groups = Groups you can read
welcome-you-said = You said: { $words }
welcome-not-started = We will: { $words }
welcome-doing = We are doing it: { $words }
welcome-done-line = We did it: { $words }
welcome-changed = It changed, because: { $words }
welcome-stopped = We cannot, because: { $words }

home-title = Home
home-heading = Hello { $name }. { $needed ->
    [0] Nothing needs you now.
    [one] One thing needs you.
    [2] Two things need you.
    [3] Three things need you.
    [4] Four things need you.
    [5] Five things need you.
    [6] Six things need you.
    [7] Seven things need you.
    [8] Eight things need you.
    [9] Nine things need you.
   *[other] Ten things need you.
}
home-lead = Newest first. Nothing here is a race.
home-needs = What needs you, and news
home-unsent = Words you wrote are waiting on this device.
home-unsent-go = Send them now
home-unsent-show = Read them here
home-unsent-done = Take them off this device
home-nothing = All is calm. We show it here when something needs you.
home-no-groups = You are not in a group yet. Ask your worker to add you.
home-no-groups-work = You are not in a group yet. Ask somebody who works in one to add you.
home-no-groups-staff = You are not in a group yet. Make one, or ask somebody who works in one to add you.
home-first = First steps
home-first-settings = Say who you are and who helps
home-first-workers = Make an account for each worker. Put two of them in one group.
home-first-group = Make a group
home-first-young = Make young people with their cards, in their group
home-group-work = { $n ->
    [0] No workspace yet
    [one] 1 workspace
   *[other] { $n } workspaces
}
home-group-votes = { $n ->
    [one] 1 vote open
   *[other] { $n } votes open
}
home-agree-words = Read what can change and what cannot. If it is fair, agree to it.
home-agree-button = Read the promise
home-write-words = The promise is not written yet.
home-write-button = Write the promise
home-vote-tag = Vote closes { $when }
home-vote-words = You have not answered yet.
home-vote-button = Vote now
home-closed-tag = The vote has closed
home-closed-words = It is over. See what people said.
home-closed-button = See the result
home-decide-words = Write what was decided, so that everybody hears it.
home-decide-button = Write what was decided
home-void-tag = A second person must look
home-void-words = Somebody asked to stop this show of hands. It takes two of you.
home-void-button = Read why
home-report-tag = Answered
home-report-words = A worker looked at what you said is wrong.
home-report-button = Read the answer
home-taken-tag = Taken away
home-taken-words = Somebody who checks took your words away.
home-taken-button = Read why
home-seen-button = I have seen the news
home-back-tag = Back to drafting
home-back-words = The vote does not count any more. This is why: { $reason }
home-back-button = See where it is now
home-draft-tag = New words
home-draft-words = { $name } changed “{ $heading }”.
home-draft-button = Read the change
home-check-tag = Words to check
home-check-title = Words wait for you
home-check-words = The first ones came on { $when }.
home-check-button = Check the words
home-due-tag = Due soon
home-due-words = It is due on { $date }.
home-late-tag = Late
home-late-words = It was due on { $date }. Say how it is going.
home-due-button = Write an update
home-reply-tag = A reply
home-reply-words = { $name } answered your comment.
home-reply-words-somebody = Somebody answered your comment.
home-reply-button = Read the reply
home-outcome-tag = Decided
home-outcome-words = You took part. Read what was decided.
home-outcome-button = Read what was decided
home-worked-tag = We did it
home-worked-words = Did it work?
home-worked-button = Say if it worked
home-ended-words = You asked for this. Read why it is different now.
home-ended-button = Read why
home-card-tag = A new card
home-card-words = An administrator made a new card for { $name } on { $date }. Ask { $name } if they got it.
home-card-button = See how the card stands
home-card-groups-button = See your groups
home-finish-tag = Nearly done
home-finish-words = All its actions have ended. Ask people if it worked, then say that it is done.
home-finish-button = See what is left
