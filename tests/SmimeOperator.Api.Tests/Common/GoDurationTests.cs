using System.Globalization;
using CsCheck;

namespace SmimeOperator.Api.Tests.Common;

public sealed class GoDurationTests
{
    // The values of Go's own test table for time.ParseDuration, in 100 ns.
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5s", 50_000_000)]
    [InlineData("30s", 300_000_000)]
    [InlineData("1478s", 14_780_000_000)]
    [InlineData("-5s", -50_000_000)]
    [InlineData("+5s", 50_000_000)]
    [InlineData("-0", 0)]
    [InlineData("5.0s", 50_000_000)]
    [InlineData("5.6s", 56_000_000)]
    [InlineData("5.s", 50_000_000)]
    [InlineData(".5s", 5_000_000)]
    [InlineData("1.004s", 10_040_000)]
    [InlineData("100.00100s", 1_000_010_000)]
    [InlineData("11us", 110)]
    [InlineData("12\u00B5s", 120)]
    [InlineData("12\u03BCs", 120)]
    [InlineData("13ms", 130_000)]
    [InlineData("14s", 140_000_000)]
    [InlineData("15m", 9_000_000_000)]
    [InlineData("16h", 576_000_000_000)]
    [InlineData("3h30m", 126_000_000_000)]
    [InlineData("10.5s4m", 2_505_000_000)]
    [InlineData("-2m3.4s", -1_234_000_000)]
    [InlineData("1h2m3s4ms5us600ns", 37_230_040_056)]
    [InlineData("39h9m14.425s", 1_409_544_250_000)]
    [InlineData("10ns", 0)]
    public void Go_reads_the_same(string text, long ticks) => GoDuration.Parse(text).Ticks.ShouldBe(ticks);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("-")]
    [InlineData("s")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData(".s")]
    [InlineData("+.s")]
    [InlineData("1d")]
    [InlineData("10 m")]
    [InlineData("10m ")]
    [InlineData("10m\n")]
    [InlineData("1e3s")]
    [InlineData("١s")]
    [InlineData("300000000h")]
    [InlineData("99999999999999999999999999999999999999h")]
    public void Go_or_a_TimeSpan_refuses_the_same(string? text)
    {
        GoDuration.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => GoDuration.Parse(text!));
    }

    [Fact]
    public void Whatever_is_put_together_from_units_is_their_sum() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Sample((hours, minutes, seconds, milliseconds) =>
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds}s{milliseconds}ms");
            var sum = TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds((long)seconds) + TimeSpan.FromMilliseconds((long)milliseconds);
            return GoDuration.Parse(text) == sum && GoDuration.Parse($"-{text}") == -sum;
        });

    [Fact]
    public void No_text_makes_TryParse_throw() =>
        Gen.String[Gen.Char["0123456789.+-hmsuµ n"], 0, 40].Sample(text =>
        {
            _ = GoDuration.TryParse(text, out _);
        });
}
