namespace Smimectl.Tests.Histories;

public sealed class HistoryChartTests
{
    private static readonly DateTimeOffset Now = new(2024, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_bar_fills_the_months_in_which_the_certificate_is_valid()
    {
        var chart = new HistoryChart([Of("a", 2022, 1, 2023, 1), Of("b", 2023, 7, 2025, 1, HistoryPlace.GitOnly)], Now);

        // Three years to 72 characters: 24 a year would be finer than a month, so 12.
        chart.Scale.ShouldBe("a month");
        chart.Axis().ShouldBe("          2022        2023        2024");
        chart.Bar(Of("a", 2022, 1, 2023, 1)).ShouldBe("aaaaaaaa  " + new string('█', 12));
        chart.Bar(Of("b", 2023, 7, 2025, 1, HistoryPlace.GitOnly)).ShouldBe("bbbbbbbb  " + new string(' ', 18) + new string('░', 18));
        chart.Today().ShouldBe(new string(' ', 10 + 30) + "^ today");
        chart.Gaps().ShouldBeNull();
    }

    [Fact]
    public void A_gap_that_is_shorter_than_a_character_is_still_seen()
    {
        var early = Of("a", 2001, 1, 2012, 6) with { NotAfter = new DateTimeOffset(2012, 6, 3, 0, 0, 0, TimeSpan.Zero) };
        var late = Of("b", 2012, 6, 2030, 1) with { NotBefore = new DateTimeOffset(2012, 6, 5, 0, 0, 0, TimeSpan.Zero) };
        var chart = new HistoryChart([early, late], Now);

        chart.Scale.ShouldBe("6 months");
        chart.Gaps().ShouldNotBeNull().Count(c => c == 'x').ShouldBe(1);
    }

    [Fact]
    public void A_certificate_without_end_runs_out_of_the_picture()
    {
        var endless = Of("a", 2020, 1, 9999, 12);

        new HistoryChart([endless], Now).Bar(endless).ShouldEndWith(">");
    }

    private static HistoryCertificate Of(string letter, int fromYear, int fromMonth, int toYear, int toMonth, HistoryPlace place = HistoryPlace.Both) => new()
    {
        Thumbprint = string.Concat(Enumerable.Repeat(letter, 40)),
        Purpose = HistoryPurposes.Encryption,
        NotBefore = new DateTimeOffset(fromYear, fromMonth, 1, 0, 0, 0, TimeSpan.Zero),
        NotAfter = new DateTimeOffset(toYear, toMonth, 1, 0, 0, 0, TimeSpan.Zero),
        Place = place,
        Validity = HistoryValidity.Valid,
        Key = HistoryKey.None,
    };
}
