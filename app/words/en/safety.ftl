## Safety.
