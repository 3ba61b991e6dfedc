namespace Smimectl;

/// <summary>Connectors, permissions, and what nobody manages.</summary>
internal static class TenantSections
{
    public static void Write(Html html, AuditReport report)
    {
        Connection(html, report);
        Unmanaged(html, report);
    }

    private static void Connection(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "connection")], () =>
    {
        html.Tag("h2", [("id", "connection")], () => html.Text("Connector and permissions"));
        HtmlTable.Write(html, "What the delivery of certificates and this report rest on", ["Check", "State", "What was found"],
            report.Checks.Select(c => (IReadOnlyList<HtmlCell>)[c.Name, new(null, () => Check(html, c.IsMet)), c.Message]));
        if (report.Connectors.Count > 0)
        {
            html.Element("h3", null, "Certificate connectors");
            HtmlTable.Write(html, "Connectors as the tenant reports them", ["Connector", "State", "Version", "Last seen"], report.Connectors.Select(c => (IReadOnlyList<HtmlCell>)
            [
                c.Connector.Name, new(null, () => html.Element("span", "tag " + (c.IsHealthy ? "good" : "bad"), c.IsHealthy ? c.Connector.State : $"{c.Connector.State}, not good enough")),
                string.IsNullOrEmpty(c.Connector.Version) ? "not told" : c.Connector.Version, c.Connector.LastConnection is { } seen ? HistoryWords.Minute(seen) : "not told",
            ]));
        }

        if (report.GrantedPermissions.Count + report.MissingPermissions.Count > 0)
        {
            html.Element("h3", null, "Permissions of the app registration");
            HtmlTable.Write(html, "Application permissions that the operator uses", ["Permission", "State"],
                report.MissingPermissions.Select(p => Row(p, "bad", "missing")).Concat(report.GrantedPermissions.Select(p => Row(p, "good", "granted"))));
        }

        IReadOnlyList<HtmlCell> Row(string permission, string tone, string text) => [permission, new(null, () => html.Element("span", "tag " + tone, text))];
    });

    private static void Unmanaged(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "unmanaged")], () =>
    {
        html.Tag("h2", [("id", "unmanaged")], () => html.Text("Not managed here"));
        if (!report.KnowsProfiles)
        {
            html.Element("p", null, "Not known: policies and profiles could not be read.");
        }
        else if (report.Unmanaged.Count == 0)
        {
            html.Element("p", null, "Every policy and profile of the kinds that can be managed is managed by this folder.");
        }
        else
        {
            html.Element("p", "lead", "Policies and profiles of kinds that can be managed, without the mark of this folder or cluster.");
            HtmlTable.Write(html, "Objects by Graph type", ["Type", "Objects", "Marked by another cluster or folder"], report.Unmanaged.Select(u => (IReadOnlyList<HtmlCell>)[u.Type, u.Count, u.OfOthers]));
        }
    });

    private static void Check(Html html, bool? isMet)
    {
        var (tone, text) = isMet switch { true => ("good", "good"), false => ("bad", "not good"), null => ("quiet", "not known") };
        html.Element("span", "tag " + tone, text);
    }
}
