namespace Smimectl;

/// <summary>Policies, imports, and what differs from git.</summary>
internal static class ResourceSections
{
    private const int MostImports = 150;
    private const int MostDifferences = 150;
    private const int MostFields = 12;

    public static void Write(Html html, AuditReport report)
    {
        Policies(html, report);
        Imports(html, report);
        Differences(html, report);
    }

    private static void Policies(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "policies")], () =>
    {
        html.Tag("h2", [("id", "policies")], () => html.Text("Policies and assignments"));
        if (report.Policies.Count == 0)
        {
            html.Element("p", null, "The folder states no policy for this tenant.");
        }
        else
        {
            HtmlTable.Write(html, "Resources of the folder, and whether the tenant can be as they say", ["Resource", "State", "Differences", "What is the matter"],
                report.Policies.Select(p => (IReadOnlyList<HtmlCell>)[Name(html, p), State(html, p), p.Differences, Matter(p)]));
        }

        html.Element("h3", null, "What delivers imported certificates");
        if (!report.KnowsProfiles)
        {
            html.Element("p", null, "Not known: policies and profiles could not be read.");
        }
        else if (report.Routes.Count == 0)
        {
            html.Element("p", null, "The tenant has no imported-PKCS profile: no device gets any imported certificate.");
        }
        else
        {
            HtmlTable.Write(html, "Imported-PKCS profiles of the tenant", ["Profile", "Platform", "Purpose", "Goes to", "Kept from"], report.Routes.Select(r => (IReadOnlyList<HtmlCell>)
            [
                r.Profile, r.Platform, HistoryPurposes.Title(r.Purpose), r.Reach == DeliveryReach.Nobody ? new HtmlCell(null, () => html.Element("span", "tag bad", "nobody")) : string.Join("; ", r.To),
                r.Except.Count == 0 ? "nobody" : string.Join("; ", r.Except),
            ]));
        }
    });

    private static void Imports(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "imports")], () =>
    {
        html.Tag("h2", [("id", "imports")], () => html.Text("Imports"));
        if (report.Imports.Count == 0)
        {
            html.Element("p", null, "The folder states no import for this tenant.");
            return;
        }

        var faulty = report.Imports.Count(i => i.State is PlanState.Stalled or PlanState.Waiting);
        html.Element("p", "lead", $"{Numbers.Of(report.Imports.Count, "import")} in this folder; {(faulty == 0 ? "nothing keeps any of them." : $"{Numbers.Of(faulty)} could not be completed.")}");
        if (report.Imports.Count > MostImports)
        {
            html.Element("p", "note", $"The first {Numbers.Of(MostImports)}, those with a problem before others; all of them stand in the file of --json.");
        }

        HtmlTable.Write(html, "CertificateImports, and what the tenant holds of them", ["Import", "State", "In git", "In the tenant", "Failed", "What is the matter"],
            report.Imports.Take(MostImports).Select(i => (IReadOnlyList<HtmlCell>)[Name(html, i), State(html, i), Count(i.Desired), Count(i.InTenant), Count(i.Failed), Matter(i)]));

        static HtmlCell Count(int? number) => number is { } known ? known : "not known";
    });

    private static void Differences(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "differences")], () =>
    {
        html.Tag("h2", [("id", "differences")], () => html.Text("What differs from git"));
        if (report.Differences.Count == 0)
        {
            html.Element("p", null, report.Unread.Count == 0 ? "Nothing: the tenant is as the folder says." : "Nothing in what could be read.");
            return;
        }

        html.Element("p", "lead", "What the operator would do to make the tenant as the folder says. Nothing of it was done.");
        if (report.Differences.Count > MostDifferences)
        {
            html.Element("p", "note", $"The first {Numbers.Of(MostDifferences)} of {Numbers.Of(report.Differences.Count)}; all of them stand in the file of --json.");
        }

        HtmlTable.Write(html, "Differences between tenant and folder", ["Resource", "To be done", "Why"], report.Differences.Take(MostDifferences).Select(d => (IReadOnlyList<HtmlCell>)
            [d.Resource, new(null, () => What(html, d)), d.Why]));
    });

    private static void What(Html html, AuditDifference difference) => html.Element("div", null, () =>
    {
        html.Text(difference.What);
        if (difference.Effect is { } effect)
        {
            html.Element("span", "sub", () => html.Element("span", "tag warn", "effect").Text(" " + effect));
        }

        if (difference.Fields.Count > 0)
        {
            html.Element("ul", "fields", () =>
            {
                foreach (var field in difference.Fields.Take(MostFields))
                {
                    html.Element("li", null, () => html.Element("code", null, field));
                }

                if (difference.Fields.Count > MostFields)
                {
                    html.Element("li", null, $"and {Numbers.Of(difference.Fields.Count - MostFields)} more");
                }
            });
        }
    });

    private static HtmlCell Name(Html html, AuditResource resource) => new(null, () =>
        html.Text(resource.Name).Element("span", "sub", resource.File.Length == 0 ? $"{resource.Kind}, no manifest states it any more" : $"{resource.Kind}, {Path.GetFileName(resource.File)}"));

    private static HtmlCell State(Html html, AuditResource resource)
    {
        var (tone, text) = resource.State switch
        {
            PlanState.Stalled => ("bad", "stopped"),
            PlanState.Waiting => ("warn", "waits"),
            PlanState.Gone => ("quiet", "to be removed"),
            _ when resource.Differences > 0 => ("warn", "to be applied"),
            _ => ("good", "as git says"),
        };
        return new(null, () => html.Element("span", "tag " + tone, text));
    }

    private static HtmlCell Matter(AuditResource resource) => resource.State is PlanState.Stalled or PlanState.Waiting ? $"{resource.Reason}: {resource.Message}" : "";
}
