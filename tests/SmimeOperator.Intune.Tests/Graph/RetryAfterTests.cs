namespace SmimeOperator.Intune.Tests.Graph;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("17", null, 17.0)]
    [InlineData(" 17 ", null, 17.0)]
    [InlineData("1.5", null, 1.5)]
    [InlineData("0", null, 0.0)]
    [InlineData("-5", null, null)]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("Sun, 01 Mar 2026 12:02:03 GMT", null, 123.0)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", null, 0.0)]
    [InlineData(null, "2500", 2.5)]
    [InlineData("soon", "2500", 2.5)]
    [InlineData("4", "2500", 4.0)]
    [InlineData("99999999", null, 3600.0)]
    public void Every_form_of_asking_to_wait_is_understood(string? retryAfter, string? milliseconds, double? expected) =>
        (RetryAfter.Parse(retryAfter, milliseconds, Now)?.TotalSeconds).ShouldBe(expected);

    [Fact]
    public void Silence_is_null_and_not_zero()
    {
        RetryAfter.Parse(null, null, Now).ShouldBeNull();
        RetryAfter.Parse("soon", null, Now).ShouldBeNull();
        RetryAfter.Parse("17", null, Now).ShouldNotBeNull();
    }

    [Fact]
    public void What_is_asked_is_kept_but_never_below_the_floor_and_silence_doubles()
    {
        var (floor, ceiling) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60));
        RetryAfter.WaitFor(TimeSpan.Zero, 0, floor, ceiling, 0.5).ShouldBe(floor);
        RetryAfter.WaitFor(TimeSpan.FromSeconds(90), 0, floor, ceiling, 0.5).ShouldBe(TimeSpan.FromSeconds(90));
        RetryAfter.WaitFor(null, 0, floor, ceiling, 0.5).ShouldBe(floor);
        RetryAfter.WaitFor(null, 2, floor, ceiling, 0.5).ShouldBe(TimeSpan.FromSeconds(12));
        RetryAfter.WaitFor(null, 9, floor, ceiling, 0.5).ShouldBe(ceiling);
    }
}
