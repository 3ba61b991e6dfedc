using SmimeOperator.Api;

namespace Smimectl;

/// <summary>
/// A report as one HTML page that needs nothing else: no script, no font, no picture, no request. Its own policy (Content-Security-Policy) forbids them, so that
/// a name from the tenant could not bring one in either.
/// </summary>
internal static class HtmlReport
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private static readonly Lazy<string> Style = new(() =>
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    public static string Write(AuditReport report)
    {
        var html = new Html();
        html.Raw("<!DOCTYPE html>\n");
        html.Tag("html", [("lang", "en")], () =>
        {
            Head(html, report);
            html.Raw("\n").Element("body", null, () =>
            {
                Title(html, report);
                html.Raw("\n").Element("main", null, () =>
                {
                    Figures(html, report);
                    CertificateSections.Write(html, report);
                    ResourceSections.Write(html, report);
                    TenantSections.Write(html, report);
                });
                Foot(html, report);
            });
        });
        return html.Raw("\n").ToString();
    }

    private static void Head(Html html, AuditReport report) => html.Element("head", null, () =>
    {
        html.Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Empty("meta", ("name", "robots"), ("content", "noindex"));
        html.Empty("link", ("rel", "icon"), ("href", "data:,"));
        html.Element("title", null, $"S/MIME report: {report.Tenant}, {HistoryWords.Day(report.ReadAt)}");
        html.Raw("\n<style>\n").Raw(Style.Value).Raw("</style>\n");
    });

    private static void Title(Html html, AuditReport report) => html.Element("header", null, () =>
    {
        html.Element("p", "over", "S/MIME report");
        html.Element("h1", null, report.Tenant);
        html.Element("p", "lead", "Certificates that Microsoft Intune holds for its users, the policies that deliver them, and what differs from git.");
        html.Element("dl", "meta", () =>
        {
            Fact("Tenant ID", report.TenantId);
            Fact("Read", HistoryWords.Minute(report.ReadAt));
            Fact("Mode", report.Mode == TenantMode.ReadOnly ? "read-only: nothing is changed" : "enforced by the operator");
        });
        if (report.Unread.Count > 0)
        {
            html.Tag("div", [("class", "alarm"), ("role", "alert")], () =>
            {
                html.Element("h2", null, "This report is incomplete");
                html.Element("p", null, "Not everything could be read. Figures below count only what was read; what is not listed may exist all the same.");
                List(html, report.Unread);
            });
        }

        void Fact(string name, string value) => html.Element("div", null, () => html.Element("dt", null, name).Element("dd", null, value));
    });

    private static void Figures(Html html, AuditReport report)
    {
        var users = report.Users.Where(u => u.Certificates > 0).ToList();
        var uncovered = report.Users.Count(u => u.Cover is AuditCover.Missing or AuditCover.NotValid);
        var faulty = report.Policies.Count(p => p.State is PlanState.Stalled or PlanState.Waiting);
        html.Element("dl", "figures", () =>
        {
            Figure(report.KnowsCertificates ? users.Count : null, "users with certificates in the tenant");
            Figure(report.KnowsCertificates ? report.Certificates.Count : null, "imported certificates");
            Figure(report.KnowsCertificates ? uncovered : null, "users without a valid encryption certificate", uncovered > 0 ? "bad" : "good");
            Figure(report.KnowsCertificates ? report.Expiry.Soon : null, "certificates that end within 30 days", report.Expiry.Soon > 0 ? "warn" : "good");
            Figure(report.Policies.Count - faulty, $"of {Numbers.Of(report.Policies.Count, "policy or assignment", "policies and assignments")} can be as git says", faulty > 0 ? "bad" : "good");
            Figure(report.Differences.Count, "differences between tenant and git", report.Differences.Count > 0 ? "warn" : "good");
            Figure(report.KnowsProfiles ? report.Unmanaged.Sum(u => u.Count) : null, "policies and profiles that this folder does not manage");
            var connectors = report.Checks.FirstOrDefault(c => c.Name == "Certificate connector")?.IsMet;
            Figure(connectors is null ? null : report.Connectors.Count(c => c.IsHealthy), $"of {Numbers.Of(report.Connectors.Count, "certificate connector")} healthy", connectors == true ? "good" : "bad");
        });

        void Figure(int? value, string label, string? tone = null) => html.Element("div", null, () =>
            html.Element("dt", null, label).Element("dd", value is null ? "bad" : tone, value is { } number ? Numbers.Of(number) : "unknown"));
    }

    private static void Foot(Html html, AuditReport report) => html.Raw("\n").Element("footer", null, () =>
    {
        html.Element("h2", null, "What this report does not say");
        List(html, [.. report.Notes, "Whether a device has fetched its certificates is not read here; the status of a policy with spec.delivery tells it."]);
        html.Element("p", null, $"Made by smimectl report on {HistoryWords.Minute(report.Now)}. It holds names of people, and no key, PFX file or password.");
    });

    private static void List(Html html, IEnumerable<string> items) => html.Element("ul", null, () =>
    {
        foreach (var item in items)
        {
            html.Element("li", null, item);
        }
    });
}
