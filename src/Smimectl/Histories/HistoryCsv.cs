namespace Smimectl;

/// <summary>A history for spreadsheets: one line a certificate.</summary>
internal sealed class HistoryCsv : IHistoryWriter
{
    public void Write(UserHistory history, TextWriter output)
    {
        CsvLine.Write(output, "user", "userId", "purpose", "thumbprint", "notBefore", "notAfter", "validity", "place", "connectorKey", "keyName", "sources", "subject", "serial", "complete", "reachesUser");
        foreach (var c in history.Certificates)
        {
            CsvLine.Write(output, history.User.Name, history.User.Id, c.Purpose, c.Thumbprint, HistoryWords.Second(c.NotBefore), HistoryWords.Second(c.NotAfter),
                c.Validity.ToString(), c.Place.ToString(), c.Key.ToString(), c.Record?.KeyName, string.Join("; ", c.Sources.Select(s => $"{s.Import}: {s.Source}")), c.Subject, c.Serial,
                history.Unread.Count == 0 ? "true" : "false", HistoryWords.Reach(c, history).ToString());
        }
    }
}
