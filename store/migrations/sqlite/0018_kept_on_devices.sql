-- What may be kept on a device, to be read and written without a line: somebody asked for it on theirs, and a hidden group lets
-- them.
alter table sessions add column keeps integer not null default 0;
alter table groups add column on_devices integer not null default 0;
