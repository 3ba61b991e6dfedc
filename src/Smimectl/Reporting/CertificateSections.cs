namespace Smimectl;

/// <summary>Expiry and coverage.</summary>
internal static class CertificateSections
{
    /// <summary>Users who are listed at all; a browser is slow with many thousand rows, and nobody reads them.</summary>
    public const int MostUsers = 250;

    // The page stays one that can be read from top to bottom.
    private const int FirstUsers = 20;
    private const int MostNotes = 5;

    public static void Write(Html html, AuditReport report)
    {
        Expiry(html, report);
        Coverage(html, report);
    }

    private static void Expiry(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "expiry")], () =>
    {
        html.Tag("h2", [("id", "expiry")], () => html.Text("When certificates end"));
        if (!report.KnowsCertificates)
        {
            html.Element("p", null, "Not known: the imported certificates could not be read.");
            return;
        }

        var expiry = report.Expiry;
        var within = expiry.Months.Sum(m => m.Count);
        html.Element("p", "lead", "Expired certificates belong here: devices need them for as long as somebody reads old mail. What matters is that each user has one that is still valid.");
        Shares(html, [("c1", "expired", expiry.Expired), ("c2", "within 30 days", expiry.Soon), ("c3", $"in the coming {expiry.Months.Count} months", within - expiry.Soon), ("c4", "later", expiry.Later)]);
        if (within == 0)
        {
            // A chart of nothing is a hole in the page.
            html.Element("p", null, $"None ends in the coming {expiry.Months.Count} months.");
            return;
        }

        ExpiryChart.Write(html, expiry);
        html.Element("details", null, () =>
        {
            html.Element("summary", null, "The same in figures");
            HtmlTable.Write(html, "Certificates by the month in which they end", ["Month", "Certificates"], expiry.Months.Select(m => (IReadOnlyList<HtmlCell>)[ExpiryChart.Month(m), m.Count]));
        });
    });

    private static void Coverage(Html html, AuditReport report) => html.Raw("\n").Tag("section", [("aria-labelledby", "coverage")], () =>
    {
        html.Tag("h2", [("id", "coverage")], () => html.Text("Who is provided for"));
        if (!report.KnowsCertificates)
        {
            html.Element("p", null, $"Not known: the imported certificates could not be read. Imports in git name {Numbers.Of(report.Users.Count, "user")}.");
            return;
        }

        var foreign = report.Users.Count(u => !u.IsStated);
        html.Element("p", "lead", $"{Numbers.Of(report.Users.Count, "user")} by their encryption certificates in the tenant"
            + (foreign > 0 ? $"; no import in this folder names {Numbers.Of(foreign)} of them. " : "; imports in this folder name all of them. ") + Intended(report));
        Shares(html,
        [
            ("c4", "covered", Count(AuditCover.Covered)), ("c2", "end within 30 days", Count(AuditCover.Expiring)),
            ("c1", "none that is valid", Count(AuditCover.NotValid)), ("c5", "none at all", Count(AuditCover.Missing)),
        ]);
        foreach (var note in report.Intended.Notes.Take(MostNotes))
        {
            html.Element("p", "note", note);
        }

        if (report.Intended.Notes.Count > MostNotes)
        {
            html.Element("p", "note", $"{Numbers.Of(report.Intended.Notes.Count - MostNotes)} more of that kind stand in the file of --json.");
        }

        if (report.Users.Count == 0)
        {
            return;
        }

        html.Element("p", "note", (report.Users.Count > MostUsers
            ? $"Those who need attention come first: {Numbers.Of(MostUsers)} users of {Numbers.Of(report.Users.Count)} are listed, and all of them stand in the file of --json."
            : "Those who need attention come first.") + " Assigned says whether an encryption profile goes to the user.");
        Table("Users and their encryption certificates", report.Users.Take(FirstUsers));
        if (report.Users.Count > FirstUsers)
        {
            html.Element("p", "note paper", $"On paper only the first {Numbers.Of(FirstUsers)} are listed.");
            html.Element("details", null, () =>
            {
                html.Element("summary", null, $"The next {Numbers.Of(Math.Min(report.Users.Count, MostUsers) - FirstUsers)} users");
                Table("Further users and their encryption certificates", report.Users.Take(MostUsers).Skip(FirstUsers));
            });
        }

        void Table(string caption, IEnumerable<AuditUser> users) => HtmlTable.Write(html, caption, ["User", "State", "Newest ends", "Certificates", "Assigned", "In git"], users.Select(u => (IReadOnlyList<HtmlCell>)
        [
            u.Name, new(null, () => Cover(html, u.Cover)), u.NewestEnd is { } end ? HistoryWords.Day(end) : "none", u.Certificates, u.IsIntended switch { true => "yes", false => "no", null => "not known" }, u.IsStated ? "yes" : "no",
        ]));

        int Count(AuditCover cover) => report.Users.Count(u => u.Cover == cover);
    });

    // Who is meant to have certificates, beside who has some.
    private static string Intended(AuditReport report)
    {
        var provided = report.Users.Count(u => u.Certificates > 0);
        return report.Intended switch
        {
            { IsEverybody: true, Number: { } number } =>
                $"An encryption profile goes to all users, of whom the directory has {Numbers.Of(number)}: the tenant holds certificates of {Numbers.Of(provided)}, and the others are not listed.",
            { IsEverybody: true } => $"An encryption profile goes to all users: the tenant holds certificates of {Numbers.Of(provided)}, and the others are not listed.",
            { Users.Count: > 0 } => $"Encryption profiles are assigned to {(report.Intended.IsComplete ? "" : "at least ")}{Numbers.Of(report.Intended.Users.Count, "user")}.",
            { IsComplete: true } => "No encryption profile is assigned to anybody.",
            _ => "",
        };
    }

    private static void Cover(Html html, AuditCover cover)
    {
        var (tone, text) = cover switch
        {
            AuditCover.Missing => ("bad", "none at all"),
            AuditCover.NotValid => ("bad", "none valid"),
            AuditCover.Expiring => ("warn", "ends soon"),
            _ => ("good", "covered"),
        };
        html.Element("span", "tag " + tone, text);
    }

    // Parts of a whole as a bar; the list below it says the same in words and figures.
    private static void Shares(Html html, IReadOnlyList<(string Class, string Label, int Count)> parts)
    {
        if (parts.Any(p => p.Count > 0))
        {
            html.Tag("div", [("class", "share"), ("aria-hidden", "true")], () =>
            {
                foreach (var (@class, _, count) in parts.Where(p => p.Count > 0))
                {
                    html.Tag("span", [("class", @class), ("style", $"flex:{count}")], () => { });
                }
            });
        }

        html.Element("ul", "key", () =>
        {
            foreach (var (@class, label, count) in parts)
            {
                html.Element("li", null, () => html.Tag("i", [("class", @class), ("aria-hidden", "true")], () => { }).Element("span", null, () => html.Element("b", null, Numbers.Of(count)).Text(" " + label)));
            }
        });
    }
}
