using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Model;

/// <summary>Whatever happened, in the end the tenant is as the specs say, and nobody has anything left to do.</summary>
public sealed class ModelTests(Pki pki)
{
    private const int Stories = 8;

    /// <summary>A seed that failed: SMIME_MODEL_SEED=123 tells the same story again.</summary>
    private static readonly string? Seed = Environment.GetEnvironmentVariable("SMIME_MODEL_SEED");

    [Fact]
    public async Task Whatever_happened_the_tenant_ends_as_the_model_says()
    {
        int[] seeds = Seed is null
            ? [.. Enumerable.Range(0, Count).Select(_ => Random.Shared.Next())]
            : [int.Parse(Seed, CultureInfo.InvariantCulture)];
        foreach (var seed in seeds)
        {
            await TellAsync(seed);
        }
    }

    /// <summary>How many stories are told; SMIME_MODEL_STORIES=500 tells more.</summary>
    private static int Count =>
        Environment.GetEnvironmentVariable("SMIME_MODEL_STORIES") is { } stories ? int.Parse(stories, CultureInfo.InvariantCulture) : Stories;

    private async Task TellAsync(int seed)
    {
        await using var world = await TenantWorld.StartAsync(
            pki, new TenantSimulator.SimulatorOptions { PageSize = 5 }, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 10_000, MaxDeletionPercent = 100 });
        var story = new Story(world, seed);
        try
        {
            await story.HappenAsync();
            await story.SettleAsync();
            await story.CheckAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException($"SMIME_MODEL_SEED={seed}: {fault.Message}\n{story.Told}", fault);
        }
    }
}
