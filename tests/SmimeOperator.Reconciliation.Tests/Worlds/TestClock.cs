namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>
/// The system's clock, put forward at will. Waits between tries last a moment; time-outs, which are a minute and more, stay what they are.
/// </summary>
internal sealed class TestClock : TimeProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(250);
    private long _ahead;

    /// <summary>Whether time-outs pass in a moment too, for a service that does not answer anyhow.</summary>
    public bool TimesOut { get; set; }

    public void Forward(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _ahead)).TotalSeconds * System.TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime >= TimeOut ? TimesOut ? Silence : dueTime : dueTime > Moment ? Moment : dueTime, period);
}
