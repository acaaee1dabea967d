using Microsoft.AspNetCore.Authorization;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// A board token asks only for its unit and what is below it. Where anybody may look, for the board alone: from counts over any days one could compute the
/// small ones.
/// </summary>
internal sealed class BoardScopeRequirement : IAuthorizationRequirement
{
    private const string Api = "/api/v1/";

    /// <summary>The board itself: of the token's unit, unless another is asked for.</summary>
    private static readonly string[] OfTheBoard = [Api + "board", Api + "stream"];

    /// <summary>What a token shows besides, of one unit at a time.</summary>
    private static readonly string[] OfOneUnit = [Api + "figures", Api + "series", Api + "pace"];

    /// <summary>The same, with the unit in the path.</summary>
    private const string UnitPath = Api + "units/";

    /// <summary>The same of the whole board.</summary>
    private static readonly string[] OfTheWhole = [Api + "alerts"];

    /// <summary>True when what is asked for is in a scope.</summary>
    /// <param name="top">The board's own unit.</param>
    public static bool Allows(BoardScope scope, HttpRequest request, UnitDirectory directory, string top)
    {
        var path = request.Path.Value?.TrimEnd('/') ?? "";
        if (OfTheWhole.Contains(path, StringComparer.OrdinalIgnoreCase))
        {
            return scope is { IsPublic: false } && scope.Unit == top;
        }

        if (OfTheBoard.Contains(path, StringComparer.OrdinalIgnoreCase))
        {
            return request.Query["unit"] is [] || (request.Query["unit"] is [{ } shown] && directory.IsAtOrBelow(shown, scope.Unit));
        }

        if (path.StartsWith(UnitPath, StringComparison.OrdinalIgnoreCase))
        {
            return !scope.IsPublic && directory.IsAtOrBelow(path[UnitPath.Length..], scope.Unit);
        }

        if (!OfOneUnit.Contains(path, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        return !scope.IsPublic && (scope.Unit == top || (request.Query["unit"] is [{ } unit] && directory.IsAtOrBelow(unit, scope.Unit)));
    }
}

/// <summary>Judges the requirement.</summary>
internal sealed class BoardScopeHandler(AccessRegister register, UnitDirectory directory, string top) : AuthorizationHandler<BoardScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, BoardScopeRequirement requirement)
    {
        var entry = register.Find(context.User.EntryId());
        var isOfBoard = context.User.IsInRole(AccessClaims.BoardRole);
        if (!isOfBoard || (entry is { Kind: AccessKind.Board } && context.Resource is HttpContext { Request: var request }
            && BoardScopeRequirement.Allows(new BoardScope(entry.Unit ?? top, entry.Public), request, directory, top)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
