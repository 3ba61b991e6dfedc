namespace Smimectl;

/// <summary>What the program's end tells scripts; docs/smimectl.md and the man page show the same table.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Done = 0;

    /// <summary>Done, and something is not as it should be.</summary>
    public const int NotAsItShouldBe = 1;

    /// <summary>It could not be begun; for a plan and for what is unmanaged: there is some.</summary>
    public const int NotBegun = 2;

    /// <summary>The table: code, and what it says.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "Done, and nothing is wrong. For `plan` and `unmanaged`: there is nothing to change, or to list."),
        (NotAsItShouldBe, "Something is not ready, refused or wrong; the output says what. For `plan` and `unmanaged`: it could not be told, for whatever reason."),
        (NotBegun, "It could not be begun: a wrong command line, or a file, cluster or tenant that cannot be read. For `plan` and `unmanaged`: there is something."),
    ];

    /// <summary>The code of a command that could not be begun. Those that keep 2 for what they found say 1, so that a script never takes a fault for them.</summary>
    public static int NotBegunOf(string command) => command is "plan" or "unmanaged" ? NotAsItShouldBe : NotBegun;
}
