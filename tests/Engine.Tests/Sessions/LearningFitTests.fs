namespace BtcBandit.Engine.Tests.Sessions

open System.Collections.Immutable
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Trading

module LearningFitTests =

    let private headerOf (features: string list) =
        RunHeader(Make.source, Make.parameters, ImmutableArray.Empty, ImmutableArray.CreateRange<string> features)

    [<Tests>]
    let tests =
        testList "LearningFitTests" [
            testCase "an agent does not go on with other features of the same indicators"
            <| fun () ->
                let before = headerOf [ "distance"; "constant" ]
                let found = LearningFit.FirstObstacle(before, headerOf [ "slope"; "constant" ])

                equal
                    (RunDifference(RunDifferenceKind.Features, "Features", "distance constant", "slope constant"))
                    (nonNull found)

            testCase "with the same features there is no obstacle"
            <| fun () -> isNull' (LearningFit.FirstObstacle(headerOf [ "constant" ], headerOf [ "constant" ]))
        ]
