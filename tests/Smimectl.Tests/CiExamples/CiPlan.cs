namespace Smimectl.Tests.CiExamples;

/// <summary>Holds a plan that was written into a comment against what a sync then made.</summary>
internal static class CiPlan
{
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations"];

    /// <summary>Every object that the tenant has since has a row, and there are no more rows of creations.</summary>
    public static void ShouldName(string comment, CiBench bench)
    {
        var created = comment.Split('\n').Where(l => l.StartsWith("| + ", StringComparison.Ordinal) && l.Contains("create", StringComparison.Ordinal)).ToList();
        var made = Collections.SelectMany(c => bench.Tenant.Tenant.List(c)).Select(o => (string)o["displayName"]!).ToList();

        made.Count.ShouldBeGreaterThan(2);
        made.ShouldAllBe(name => created.Any(r => r.Contains(name, StringComparison.Ordinal)));
        created.Count.ShouldBe(made.Count, comment);
    }
}
