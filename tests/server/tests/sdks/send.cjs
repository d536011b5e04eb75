// Sends one of everything with the SDK of Node, and prints the id of the exception.

const Sentry = require('@sentry/node');

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });
Sentry.setUser({ id: '7', email: 'anna@example.com' });
Sentry.setTag('fruit', 'pear');

const event = Sentry.captureException(new Error('a pear is missing'));
console.log(event);
Sentry.captureMessage('hello');
Sentry.captureFeedback({ message: 'Where is the pear?', name: 'Anna', associatedEventId: event });

Sentry.startSession();
Sentry.endSession();

const schedule = { type: 'interval', value: 10, unit: 'minute' };
const monitor = { schedule, timezone: 'Europe/Vienna', checkinMargin: 5 };
const job = { monitorSlug: 'sdk-job' };
const checkInId = Sentry.captureCheckIn({ ...job, status: 'in_progress' }, monitor);
Sentry.captureCheckIn({ ...job, checkInId, status: 'ok', duration: 1.5 }, monitor);

// The service keeps neither transactions nor attachments, and takes them.
Sentry.startSpan({ name: 'transaction', op: 'task' }, () => {});
Sentry.withScope((scope) => {
  scope.addAttachment({ data: 'attached', filename: 'attached.txt' });
  Sentry.captureMessage('hello with an attachment');
});

Sentry.close(10_000).then((isSent) => process.exit(isSent ? 0 : 1));
