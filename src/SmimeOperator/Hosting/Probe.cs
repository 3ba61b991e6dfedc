namespace SmimeOperator.Hosting;

/// <summary>Asks an operator's page once, for where there is no shell and no curl: the chart's test runs it out of the operator's own image.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>0 when the page answers 200, 1 when it answers anything else or nothing, 2 when this is no address.</summary>
    public static async Task<int> RunAsync(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"'{address}' is no address: write it like http://smime-operator.smime-system.svc:8080/readyz");
            return 2;
        }

        // The operator is asked itself, and no proxy that is meant for the way to Graph.
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(page);
            await Console.Out.WriteLineAsync($"{page} answers {(int)answer.StatusCode}.");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{page} does not answer: {fault.Message}");
            return 1;
        }
    }
}
